"""The wheel carries all that the application needs, and runs far from the checkout."""

import os
import secrets
import socket
import subprocess
import sys
import sysconfig
import time
import urllib.error
import urllib.request
import venv
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.servers.run_folder import one_at_a_time, run_folder
from tools import vendor

ROOT = Path(__file__).resolve().parents[2]
_CARRIED = ["templates", "static", "policies", "migrations", "demo"]


def _run(*command: str | Path) -> None:
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.fixture(scope="module")
def wheel() -> Path:
    """The wheel, built once in the whole run."""
    folder = run_folder() / "dist"
    with one_at_a_time("wheel"):
        if not folder.exists():
            build = [sys.executable, "-m", "build", "--wheel", "--no-isolation"]
            _run(*build, "--outdir", folder, ROOT)
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The programs' folder of an environment with the wheel, and our packages to lean on."""
    home = tmp_path_factory.mktemp("installed")
    venv.create(home, symlinks=True)
    pip: list[str | Path] = [sys.executable, "-m", "pip", "--python", home / "bin" / "python"]
    _run(*pip, "install", "--no-deps", "--no-index", wheel)
    (library,) = home.glob("lib/python*/site-packages")
    # A path file inside that folder, such as the checkout's own, is not followed from here.
    (library / "packages.pth").write_text(sysconfig.get_path("purelib") + "\n")
    return home / "bin"


@pytest.fixture
def served(installed: Path, tmp_path: Path) -> Iterator[str]:
    """The address of the installed application, started in an empty folder."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    log = tmp_path / "log"
    with (
        log.open("w") as said,
        subprocess.Popen(
            [installed / "community", "serve", "--port", str(port)],
            cwd=tmp_path,
            env=_environment(port),
            stdout=said,
            stderr=said,
        ) as process,
    ):
        try:
            address = f"http://127.0.0.1:{port}"
            _wait_until_it_lives(address, process, log)
            yield address
        finally:
            process.terminate()


def _environment(port: int) -> dict[str, str]:
    kept = {name: text for name, text in os.environ.items() if not name.startswith("COMMUNITY_")}
    return kept | {
        "COMMUNITY_SECRET_KEY": secrets.token_urlsafe(32),
        "COMMUNITY_BASE_URL": f"http://127.0.0.1:{port}",
    }


def _wait_until_it_lives(address: str, process: "subprocess.Popen[bytes]", log: Path) -> None:
    deadline = time.monotonic() + 30
    while True:
        try:
            with urllib.request.urlopen(f"{address}/healthz") as answer:
                assert answer.status == 200
                return
        except urllib.error.URLError:
            assert process.poll() is None, log.read_text()
            assert time.monotonic() < deadline, log.read_text()
            time.sleep(0.05)


def test_the_wheel_carries_every_file_beside_the_package(wheel: Path) -> None:
    carried = set(zipfile.ZipFile(wheel).namelist())
    wanted = {
        f"community/_data/{path.relative_to(ROOT).as_posix()}"
        for folder in _CARRIED
        for path in (ROOT / folder).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert sorted(wanted - carried) == []
    assert {
        f"community/_data/static/vendor/{each.target}" for each in vendor.vendored_files()
    } <= carried


def test_the_wheel_carries_the_models_with_their_cards(wheel: Path) -> None:
    carried = set(zipfile.ZipFile(wheel).namelist())
    weights = ROOT / "community" / "guardrails" / "weights"
    assert {f"community/guardrails/weights/{path.name}" for path in weights.iterdir()} <= carried


def test_the_wheel_carries_nothing_else(wheel: Path) -> None:
    tops = {name.split("/")[0] for name in zipfile.ZipFile(wheel).namelist()}
    assert {top for top in tops if not top.endswith(".dist-info")} == {"community"}


def test_the_installed_command_says_what_it_can_do(installed: Path, tmp_path: Path) -> None:
    answer = subprocess.run(
        [installed / "community", "--help"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    )
    assert "serve" in answer.stdout


def test_the_installed_application_serves_pages_and_files(served: str) -> None:
    with urllib.request.urlopen(f"{served}/sign-in") as page:
        assert b"</html>" in page.read()
    with urllib.request.urlopen(f"{served}/static/vendor/socket.io.esm.min.js") as script:
        assert b"Socket.IO" in script.read(200)
