"""The command that walks the chain of proof."""

from __future__ import annotations

import sys

import click


@click.group()
def audit() -> None:
    """The record of who did what."""


@audit.command()
def verify() -> None:
    """Walk the chain and name the first broken entry."""
    from community import create_app  # noqa: PLC0415 - the command line starts without an app
    from community.audit import services  # noqa: PLC0415

    with create_app().app_context():
        check = services.verify()
    if not check.holds:
        click.echo(f"The chain is broken: {check.sentence}.", err=True)
        sys.exit(1)
    click.echo(f"The chain holds: {check.entries:,} entries.")
