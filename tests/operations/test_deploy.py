"""What stands in deploy/ holds together: read, linted, and each command in it known to the program.

No container engine is asked for: images are not built here.
"""

from __future__ import annotations

import configparser
import os
import re
import shlex
import shutil
import subprocess
import warnings
from pathlib import Path
from typing import Any

import click
import pytest
import yaml
from sqlalchemy.engine import make_url

from community.cli import COMMANDS, _community
from community.config import load
from tests.operations.proxy import adapted, nginx

ROOT = Path(__file__).resolve().parents[2]
DEPLOY = ROOT / "deploy"
UNITS = sorted((DEPLOY / "systemd").iterdir())
SERVICES = [path for path in UNITS if path.suffix == ".service"]


def dockerfile() -> list[tuple[str, str]]:
    """Return the instructions of the Dockerfile with what they say."""
    text = (DEPLOY / "Dockerfile").read_text().replace("\\\n", " ")
    lines = [line.strip() for line in text.splitlines()]
    found = [line.partition(" ") for line in lines if line and not line.startswith("#")]
    return [(word, rest.strip()) for word, _, rest in found]


def said(word: str) -> list[str]:
    return [rest for each, rest in dockerfile() if each == word]


def last_stage() -> list[tuple[str, str]]:
    whole = dockerfile()
    start = max(place for place, (word, _) in enumerate(whole) if word == "FROM")
    return whole[start:]


def compose() -> dict[str, Any]:
    read: dict[str, Any] = yaml.safe_load((DEPLOY / "compose.yaml").read_text())
    return read


def unit(path: Path) -> dict[str, dict[str, str]]:
    parser = configparser.ConfigParser(strict=False, interpolation=None)
    parser.optionxform = str  # type: ignore[assignment,method-assign]
    parser.read(path)
    return {name: dict(parser[name]) for name in parser.sections()}


def commands() -> list[list[str]]:
    """Return every command line of the program in all files, without the program's name."""
    found = [yaml.safe_load(said("CMD")[-1])]
    found.append(yaml.safe_load(said("HEALTHCHECK")[0].partition("CMD")[2])[1:])
    for service in compose()["services"].values():
        if service.get("image") == "roundtable":
            found.append(service["command"])
            if "test" in service.get("healthcheck", {}):
                found.append(service["healthcheck"]["test"][2:])
    found += [shlex.split(unit(path)["Service"]["ExecStart"])[1:] for path in SERVICES]
    return [list(line) for line in dict.fromkeys(map(tuple, found))]


# --- the image ----------------------------------------------------------------------------------


def test_the_image_runs_as_nobody_in_particular() -> None:
    users = [rest for word, rest in last_stage() if word == "USER"]
    assert users
    assert all(re.fullmatch(r"[1-9]\d{3,}:[1-9]\d{3,}", user) for user in users)
    words = [word for word, _ in last_stage()]
    assert words.index("USER") < words.index("ENTRYPOINT")


def test_the_image_is_slim_pinned_and_says_how_it_is() -> None:
    bases = [rest.split()[0] for rest in said("FROM")]
    assert all(re.search(r":\d[\w.]*-slim", base) for base in bases), bases
    assert len(said("HEALTHCHECK")) == 1
    assert {word for word, _ in last_stage()}.isdisjoint({"ADD"})
    assert not [rest for word, rest in last_stage() if word == "RUN" and "pip" in rest]


def test_the_image_installs_only_what_is_pinned_and_checked() -> None:
    installs = [part for run in said("RUN") for part in run.split("&&") if "pip install" in part]
    assert installs
    for each in installs:
        assert "--require-hashes" in each or "--no-deps" in each or "==" in each, each
    for run in said("RUN"):
        assert "curl" not in run
        assert "sudo" not in run
        assert "apt-get upgrade" not in run


def test_commands_of_the_image_are_lists_and_no_secret_is_in_it() -> None:
    for word in ("CMD", "ENTRYPOINT"):
        assert all(rest.startswith("[") for rest in said(word))
    assert not [
        rest for rest in said("ENV") + said("ARG") if re.search("SECRET|PASSWORD|KEY", rest)
    ]


def test_what_the_image_copies_is_there_and_let_through() -> None:
    ignored = (ROOT / ".dockerignore").read_text().splitlines()
    for rest in said("COPY"):
        if rest.startswith("--from"):
            continue
        for source in rest.split()[:-1]:
            assert (ROOT / source).exists(), source
            assert f"!{source}" in ignored, source


# --- compose ------------------------------------------------------------------------------------


def test_compose_has_every_part_and_only_nginx_is_open() -> None:
    services = compose()["services"]
    parts = {"db", "redis", "migrate", "rights", "web1", "web2", "worker", "nginx"}
    assert set(services) == parts
    assert [name for name, each in services.items() if each.get("ports")] == ["nginx"]
    assert services["web1"] == services["web2"]


def test_compose_waits_for_the_migrations_and_runs_them_once() -> None:
    services = compose()["services"]
    is_done = {"condition": "service_completed_successfully"}
    assert services["rights"]["depends_on"] == {"migrate": is_done}
    for name in ("web1", "web2", "worker"):
        assert services[name]["depends_on"]["rights"] == is_done
    assert "--no-migrate" in services["web1"]["command"]


def test_compose_gives_pages_and_worker_a_user_that_owns_nothing() -> None:
    services = compose()["services"]
    owner = services["migrate"]["environment"]["COMMUNITY_DATABASE_URL"]
    assert make_url(owner).username == services["db"]["environment"]["POSTGRES_USER"]
    for name in ("web1", "web2", "worker"):
        settings = services[name]["environment"]
        assert make_url(settings["COMMUNITY_DATABASE_URL"]).username == "roundtable_pages"
        assert settings["POSTGRES_PASSWORD"] == ""  # .env names the owner's, for the others
    files = [each.partition(":")[0] for each in services["rights"]["volumes"]]
    assert files == ["./roles.sql", "./grants.sql"]
    assert services["rights"]["command"][-3::2] == ["/roles.sql", "/grants.sql"]


def test_redis_of_compose_asks_for_a_password() -> None:
    services = compose()["services"]
    assert services["redis"]["command"][-2] == "--requirepass"
    for name in ("web1", "web2", "worker", "migrate"):
        address = services[name]["environment"]["COMMUNITY_REDIS_URL"]
        assert address == f"redis://:{services['redis']['command'][-1]}@redis:6379/0"


def test_compose_gives_nobody_more_than_they_need() -> None:
    for name, service in compose()["services"].items():
        if name != "db":  # PostgreSQL's image starts as root and steps down
            assert service["read_only"] is True, name
            assert service["cap_drop"] == ["ALL"], name
        assert ":" in service["image"] or service["image"] == "roundtable", name
        assert "latest" not in service["image"]
        assert not service.get("privileged")


def test_no_secret_stands_in_any_file() -> None:
    for path in DEPLOY.rglob("*"):
        if path.is_file():
            for line in path.read_text().splitlines():
                found = re.match(r"\s*(\w*(?:SECRET|PASSWORD|TOKEN)\w*)\s*[:=]\s*(.*)", line)
                assert not found or found[2] in ("", '""') or found[2].startswith("${"), line


def test_the_example_settings_are_those_that_the_program_reads() -> None:
    lines = (DEPLOY / "example.env").read_text().splitlines()
    pairs = [re.match(r"#?(COMMUNITY_\w+)=(.*)", line) for line in lines]
    given = {pair[1]: pair[2] for pair in pairs if pair}
    program = "\n".join(
        path.read_text() for path in (ROOT / "community").rglob("*.py") if path.is_file()
    )
    assert [name for name in given if name not in program] == []
    settings = load({**given, "COMMUNITY_SECRET_KEY": "x" * 32})
    assert settings.trusted_proxies == 1
    assert settings.is_https


# --- commands -----------------------------------------------------------------------------------


@pytest.mark.parametrize("line", commands(), ids=" ".join)
def test_every_command_in_the_files_is_one_of_the_programs(line: list[str]) -> None:
    name, *arguments = line
    assert name in COMMANDS
    with click.Context(_community) as context:
        command = _community.get_command(context, name)
        assert command is not None
        command.make_context(name, arguments)  # refuses what it does not know


# --- systemd ------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", SERVICES, ids=lambda path: path.stem)
def test_a_unit_runs_without_root_and_writes_only_to_its_folder(path: Path) -> None:
    service = unit(path)["Service"]
    assert service["User"] == "roundtable"
    assert service["NoNewPrivileges"] == "yes"
    assert service["ProtectSystem"] == "strict"
    assert service["CapabilityBoundingSet"] == ""
    assert "COMMUNITY_SECRET_KEY" not in path.read_text()


def test_every_line_of_a_unit_is_a_name_and_a_value() -> None:
    for path in UNITS:
        lines = [each for each in path.read_text().splitlines() if each and each[0] not in "#["]
        assert all(re.match(r"[A-Z]\w+=", line) for line in lines), path


@pytest.mark.filterwarnings("default:no systemd")  # it is told at the end of the run
def test_systemd_understands_the_units(tmp_path: Path) -> None:
    program = shutil.which("systemd-analyze")
    if program is None:
        assert not os.environ.get("CI"), "install systemd where all is to be shown"
        warnings.warn("no systemd on this machine: its own check was not made", stacklevel=1)
        return
    for path in UNITS:
        text = path.read_text().replace("/opt/roundtable/bin/community", "/bin/true")
        (tmp_path / path.name).write_text(text)
    files = [str(tmp_path / path.name) for path in UNITS]
    done = subprocess.run(
        [program, "verify", *files], capture_output=True, text=True, check=False, timeout=60
    )
    ours = [
        line for line in done.stderr.splitlines() if str(tmp_path) in line or "roundtable" in line
    ]
    assert ours == []


# --- nginx --------------------------------------------------------------------------------------


def test_nginx_asks_the_processes_alone_and_reads_no_files_for_anybody() -> None:
    text = (DEPLOY / "nginx.conf").read_text()
    assert set(re.findall(r"proxy_pass (\S+);", text)) == {"http://pages", "http://$live"}
    assert set(re.findall(r"^    server (\S+?):", text, re.MULTILINE)) == {"web1", "web2"}
    assert not re.search(r"^\s*(root|alias|include|fastcgi_pass|uwsgi_pass)\b", text, re.MULTILINE)


def test_nginx_understands_its_configuration(tmp_path: Path) -> None:
    conf = adapted(tmp_path)
    done = subprocess.run(
        nginx(conf, "-t"), capture_output=True, text=True, check=False, timeout=60
    )
    assert done.returncode == 0, done.stderr
    assert "warn" not in done.stderr
