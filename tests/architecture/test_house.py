"""The house rules that no linter knows."""

import ast
import re
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
COMMUNITY = ROOT / "community"

_NOT_WRITTEN = {ROOT / "static" / "vendor", *(ROOT / name for name in ("var", "dist", "build"))}
_VAGUE = {"utils", "util", "helpers", "helper", "common", "managers", "manager", "misc"}
_NO_FEATURES = {"kernel", "commands", "demo"}
_PURE = [COMMUNITY / "guardrails" / "engine", COMMUNITY / "guardrails" / "detectors"]
_PURE_MAY_IMPORT = {"stdnum", "phonenumbers"}


def _project_files(folder: Path = ROOT) -> Iterator[Path]:
    """Every file that somebody wrote; what was installed or made along the way is left out."""
    for path in sorted(folder.iterdir()):
        if path in _NOT_WRITTEN or path.name == "__pycache__":
            continue
        if path.is_file():
            yield path
        elif path.is_dir() and (path.name == ".ci" or not path.name.startswith(".")):
            yield from _project_files(path)


def _texts(*suffixes: str) -> Iterator[tuple[str, str]]:
    """Give name and content of the project's files with these endings; of all, without any."""
    for path in _project_files():
        content = path.read_bytes()
        if (not suffixes or path.suffix in suffixes) and b"\0" not in content:
            yield path.relative_to(ROOT).as_posix(), content.decode("utf-8")


def _lines_with(pattern: str, *suffixes: str, under: str = "") -> list[str]:
    wanted = re.compile(pattern)
    return [
        f"{name}:{number}: {line.strip()}"
        for name, text in _texts(*suffixes)
        if name.startswith(under)
        for number, line in enumerate(text.splitlines(), start=1)
        if wanted.search(line)
    ]


def _imports(path: Path) -> Iterator[str]:
    """Name every module that a file imports."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.module, f"{path} imports relatively"
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def _file_of(module: str) -> Path | None:
    stem = ROOT.joinpath(*module.split("."))
    candidates = (stem.with_suffix(".py"), stem / "__init__.py")
    return next((path for path in candidates if path.exists()), None)


def test_no_module_has_a_vague_name() -> None:
    vague = [path for path in COMMUNITY.rglob("*.py") if path.stem in _VAGUE]
    assert vague == []


def test_the_guardrail_engine_needs_neither_web_nor_database() -> None:
    waiting = [
        path for start in _PURE for path in ([start] if start.is_file() else start.rglob("*.py"))
    ]
    assert waiting
    seen: set[Path] = set()
    strangers: list[str] = []
    while waiting:
        path = waiting.pop()
        if path in seen:
            continue
        seen.add(path)
        for module in _imports(path):
            top = module.split(".")[0]
            if top == "community":
                found = _file_of(module)
                waiting += [found] if found else []
            elif top not in sys.stdlib_module_names | _PURE_MAY_IMPORT:
                strangers.append(f"{path.relative_to(ROOT)} imports {module}")
    assert strangers == []


def test_the_import_contract_knows_every_feature() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    contracts = settings["tool"]["importlinter"]["contracts"]
    held = next(each for each in contracts if each["name"] == "Inside a feature, rooms fall too")
    features = {
        f"community.{path.parent.name}"
        for path in COMMUNITY.glob("*/__init__.py")
        if path.parent.name not in _NO_FEATURES
    }
    assert set(held["containers"]) == features


def test_only_the_unit_of_work_and_the_migrations_commit() -> None:
    commits = _lines_with(r"(?<!unit_of_work)\.commit\(", ".py", under="community/")
    keepers = ("community/kernel/unit_of_work.py", "community/kernel/migrations.py")
    assert [line for line in commits if not line.startswith(keepers)] == []


def test_templates_hold_nothing_that_the_content_policy_forbids() -> None:
    attributes = r"""\s(style|on[a-z]+)\s*=\s*["']|javascript:"""
    elements = r"<(script|style)(?![^>]*(nonce=|src=|application/json))[^>]*>"
    inline = f"{attributes}|{elements}"
    assert _lines_with(inline, ".html", under="templates/") == []


def test_no_file_names_a_place_on_somebodys_machine() -> None:
    assert _lines_with(r"/(work|root|home)/" + r"[a-z]") == []


def test_no_file_names_a_package_registry() -> None:
    assert _lines_with(r"pypi[.]org|pythonhosted[.]|registry[.]npmjs|unpkg[.]|jsdelivr[.]") == []


def test_no_test_is_skipped_and_none_replaces_our_code() -> None:
    cheats = r"\b(skip|skipif|importorskip|xfail)\b\(|mark\.(skip|xfail)|unittest.mock|MagicMock"
    found = _lines_with(cheats, ".py", under="tests/")
    assert [line for line in found if not line.startswith("tests/architecture/test_house.py")] == []


@pytest.mark.parametrize("folder", ["community", "tools"])
def test_every_package_says_what_it_is_for(folder: str) -> None:
    silent = [
        path
        for path in (ROOT / folder).rglob("__init__.py")
        if not ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))
    ]
    assert silent == []


def test_ci_runs_the_tests_and_nothing_else() -> None:
    script = (ROOT / ".ci" / "run").read_text(encoding="utf-8").splitlines()
    assert script[1:] == ['cd "$(dirname "$0")/.." && exec make test']
