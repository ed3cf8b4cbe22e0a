"""Bringing the database up to date."""

from __future__ import annotations

import click


@click.command()
def migrate() -> None:
    """Bring the database up to date."""
    from community import create_app  # noqa: PLC0415 - quick start of other commands
    from community.kernel import migrations  # noqa: PLC0415

    with create_app().app_context():
        migrations.upgrade()
        click.echo("The database is up to date.")
