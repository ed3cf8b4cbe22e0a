"""Commands for the library of approved responses."""

from __future__ import annotations

from pathlib import Path

import click

from community.kernel import paths

FILES = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.group()
def library() -> None:
    """The library of approved responses."""


@library.command("add")
@click.argument("files", nargs=-1, required=True, type=FILES)
def add(*, files: tuple[Path, ...]) -> None:
    """Add the versions in FILES; what was added before stays as it is."""
    _add(list(files))


@library.command("sync")
def sync() -> None:
    """Add every version of the folder `responses` among the policies."""
    from community.config import load  # noqa: PLC0415 - the command line starts without an app

    folder = (load().policies_dir or paths.POLICIES) / "responses"
    _add(sorted(folder.glob("*.md")))


def _add(files: list[Path]) -> None:
    from community import create_app  # noqa: PLC0415 - the command line starts without an app
    from community.kernel.unit_of_work import transaction  # noqa: PLC0415
    from community.library import services  # noqa: PLC0415

    with create_app().app_context(), transaction():
        for version in services.add_files(files=files):
            click.echo(f"{version.response.code} {version.version}: until {version.approved_until}")
