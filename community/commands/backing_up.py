"""Keeping a copy of the installation, and going back to one."""

from __future__ import annotations

import sys
from pathlib import Path

import click


@click.command()
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path), default=Path("backups"))
def backup(folder: Path) -> None:
    """Copy the database and the files, while the site runs, into FOLDER.

    The archive holds the database as it was at one moment, letters that were laid into a folder,
    and a policies folder of your own. Its rows are counted and its chain of proof is walked
    before the command says that it is done. It does not hold the settings; keep the secret key
    elsewhere.
    """
    from community import config  # noqa: PLC0415
    from community.commands.keeping import Unfit, making  # noqa: PLC0415

    try:
        target = making.make(config.load(), folder)
    except Unfit as problem:
        click.echo(str(problem), err=True)
        sys.exit(1)
    click.echo(f"{target} ({target.stat().st_size:,} bytes)")


@click.command()
@click.argument("archive", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--replace", is_flag=True, help="Put what is there aside, or in PostgreSQL away.")
def restore(archive: Path, replace: bool) -> None:
    """Go back to the backup in ARCHIVE; the site must be stopped.

    The backup may come from the other kind of database. It is checked before anything is
    touched; everybody has to sign in again.
    """
    from community import config  # noqa: PLC0415
    from community.commands.keeping import Unfit, restoring  # noqa: PLC0415

    try:
        done = restoring.restore(config.load(), archive, replace=replace)
    except Unfit as problem:
        click.echo(str(problem), err=True)
        sys.exit(1)
    rows = sum(done.manifest.rows.values())
    click.echo(f"Restored {rows:,} rows as of {done.manifest.made_at}.")
    click.echo(f"The chain of proof holds: {done.proof_entries:,} entries.")
    for kept in done.put_aside:
        click.echo(f"What was there before lies in {kept}.")
    click.echo("What was done after that moment is not in it: also who lost access since then.")
