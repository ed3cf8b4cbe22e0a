"""Bringing the database up to date."""

from __future__ import annotations

import click


@click.command()
def migrate() -> None:
    """Bring the database up to date."""
    from community import config  # noqa: PLC0415 - quick start of other commands
    from community.kernel import migrations  # noqa: PLC0415

    migrations.bring_up_to_date(config.load())
    click.echo("The database is up to date.")
