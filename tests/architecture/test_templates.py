"""Templates and style sheets: nothing dangling, and nothing that no longer serves."""

import re
from collections.abc import Iterable
from itertools import chain
from pathlib import Path

import pytest
from jinja2 import Environment, nodes

from benchmarks.check_contrast import TOKENS, measure, read_tokens
from community.config import load
from community.kernel import paths

TEMPLATES = sorted(path.relative_to(paths.TEMPLATES) for path in paths.TEMPLATES.rglob("*.*"))
PAGES = [path for path in TEMPLATES if path.suffix == ".html"]
SHEETS = sorted((paths.STATIC / "css").glob("*.css"))
SCRIPTS = sorted((paths.STATIC / "js").rglob("*.js"))

# Classes that Python writes into a text, and those that a script looks for in a page.
WRITTEN_ELSEWHERE = {"cite", "references", "qr"}


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> Environment:
    """The program's own, with its filters and globals."""
    from community import create_app  # noqa: PLC0415 - the program is loaded for these tests alone

    folder = tmp_path_factory.mktemp("templates")
    return create_app(
        load({"COMMUNITY_MODE": "development", "COMMUNITY_DATA_DIR": str(folder)})
    ).jinja_env


def _source(name: Path) -> str:
    return (paths.TEMPLATES / name).read_text("utf-8")


@pytest.mark.parametrize("name", TEMPLATES, ids=str)
def test_every_template_compiles_and_finds_what_it_imports(
    environment: Environment, name: Path
) -> None:
    environment.get_template(name.as_posix())

    tree = environment.parse(_source(name))
    for wanted in tree.find_all(nodes.FromImport):
        assert isinstance(wanted.template, nodes.Const)
        there = environment.parse(_source(Path(wanted.template.value)))
        macros = {macro.name for macro in there.find_all(nodes.Macro)} | {
            target.name for target in there.find_all(nodes.Name) if target.ctx == "store"
        }
        asked = {one if isinstance(one, str) else one[0] for one in wanted.names}
        assert asked <= macros, f"{wanted.template.value} has no {asked - macros}"
    others: Iterable[nodes.Include | nodes.Extends] = chain(
        tree.find_all(nodes.Include), tree.find_all(nodes.Extends)
    )
    for other in others:
        assert isinstance(other.template, nodes.Const)
        assert (paths.TEMPLATES / other.template.value).is_file()


def test_every_icon_and_every_asset_is_there(environment: Environment) -> None:
    icons = environment.get_template("components/icons.html").make_module().__dict__["paths"]
    sources = [_source(name) for name in PAGES]
    asked = {icon for source in sources for icon in re.findall(r"\bicon\(\"([^\"]+)\"", source)}
    assets = {
        asset
        for source in sources
        for asset in re.findall(r"\basset\(['\"]([^'\"]+)['\"]\)", source)
    }

    assert len(asked) > 5
    assert asked <= set(icons)
    assert len(assets) > 3
    assert not [asset for asset in assets if not (paths.STATIC / asset).is_file()]


def test_every_sheet_is_worn_by_a_page_and_is_there() -> None:
    head = _source(Path("layouts/_head.html"))
    worn = "".join(re.findall(r"set worn = .*?%}|for sheet in .*?%}", head, flags=re.DOTALL))

    assert set(re.findall(r"\"([a-z_]+)\"", worn)) == {sheet.stem for sheet in SHEETS}


def _used_classes() -> set[str]:
    """Every class in a page or a script; one put together ends where that begins: "-", "__"."""
    found: set[str] = set()
    for source in map(_source, PAGES):
        for value in re.findall(r"\bclass_?=\"([^\"]*)\"", source):
            found |= set(re.findall(r"[a-z][\w-]*", value))
        for expression in re.findall(r"\{[{%].*?[%}]\}", source, flags=re.DOTALL):
            for quoted in re.findall(r"[\"']([^\"']*)[\"']", expression):
                found |= set(re.findall(r"[a-z][\w-]*", quoted))
    for script in SCRIPTS:
        found |= set(re.findall(r"[a-z][\w-]*", script.read_text("utf-8")))
    return found - {"post-", "thread-"}  # beginnings of ids


def _defined_classes() -> dict[str, set[str]]:
    """Every class that a sheet draws, with the sheets that do."""
    found: dict[str, set[str]] = {}
    for sheet in SHEETS:
        text = re.sub(
            r"/\*.*?\*/|\"[^\"]*\"|url\([^)]*\)", "", sheet.read_text("utf-8"), flags=re.DOTALL
        )
        for name in re.findall(r"\.([a-zA-Z][\w-]*)", text):
            found.setdefault(name, set()).add(sheet.name)
    return found


def test_no_rule_outlives_what_it_draws() -> None:
    used = _used_classes() | WRITTEN_ELSEWHERE
    begun = tuple(name for name in used if name.endswith(("-", "__")))

    dead = {
        name: sheets
        for name, sheets in _defined_classes().items()
        if name not in used and not name.startswith(begun)
    }
    assert not dead


def test_sheets_know_beginning_and_end_but_neither_left_nor_right() -> None:
    physical = re.compile(
        r"^\s*(?:(?:margin|padding|border)-(?:left|right|top|bottom)|left|right|top|bottom"
        r"|(?:min-|max-)?(?:width|height))\s*:",
        re.MULTILINE,
    )

    assert not {sheet.name: physical.findall(sheet.read_text("utf-8")) for sheet in SHEETS
                if physical.search(sheet.read_text("utf-8"))}  # fmt: skip


def test_colours_are_chosen_among_the_tokens_alone() -> None:
    chosen = re.compile(r"#[0-9a-fA-F]{3,8}\b|\b(?:rgb|hsl|oklch)a?\(")

    for sheet in SHEETS:
        if sheet.name == "tokens.css":
            continue
        lines = [line for line in sheet.read_text("utf-8").splitlines() if chosen.search(line)]
        assert all("#000" in line or "#fff" in line for line in lines), (sheet.name, lines)


def test_every_pair_of_colours_can_be_read_in_both_themes() -> None:
    measured = measure(read_tokens(TOKENS.read_text("utf-8")))

    assert len(measured) > 50
    assert not [pair for pair in measured if pair.is_weak]


@pytest.mark.parametrize("name", TEMPLATES, ids=str)
def test_days_are_said_day_first_everywhere(name: Path) -> None:
    named = re.compile(
        r"""date(?:time)?format(?:\(\)|\((?:['"](?:short|medium|long|full)))|strftime\(['"]%-?d"""
    )
    assert not named.findall(_source(name))


# What a page was sent may say `__proto__`: then it is not a name of the object that is set.
_SETS_BY_A_GIVEN_NAME = re.compile(
    r"[\w\])]\[[^\[\]]*\]\s*(?:[-+*/]|\|\||&&|\?\?)?=(?![=>])"
    r"|__proto__|setPrototypeOf|defineProperty|Reflect\.set"
    r"|Object\.assign\((?!document\.createElement\(|new \w+\()"
)


def test_what_sets_an_object_by_a_given_name_is_seen() -> None:
    for written in (
        "seen[name] = 1",
        "a.b[said.id] ??= []",
        "rows[0][key]=x",
        "Object.assign(state, JSON.parse(said))",
    ):
        assert _SETS_BY_A_GIVEN_NAME.search(written), written
    for written in ("const [a, b] = pair", "if (a[b] === c) {", "map.set(name, 1)", "a[b] => c"):
        assert not _SETS_BY_A_GIVEN_NAME.search(written), written


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_no_script_sets_a_property_whose_name_it_was_told(path: Path) -> None:
    found = _SETS_BY_A_GIVEN_NAME.findall(path.read_text("utf-8"))
    assert found == []
