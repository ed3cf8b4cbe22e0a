"""The command `community`. Exit codes: 0 done, 1 refused or found wanting, 2 wrong usage."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module

import click

COMMANDS = {
    "serve": "community.commands.serve:serve",
    "worker": "community.commands.serve:worker",
    "migrate": "community.commands.database:migrate",
    "backup": "community.commands.database:backup",
    "demo": "community.demo.cli:demo",
    "member": "community.members.cli:member",
    "space": "community.spaces.cli:space",
    "invite": "community.invitations.cli:invite",
    "import-threads": "community.threads.cli:import_threads",
    "policy": "community.use_policies.cli:policy",
    "guardrails": "community.guardrails.cli:guardrails",
    "render": "community.kernel.cli:render",
    "audit": "community.audit.cli:audit",
}


class _Lazy(click.Group):
    """Loads a command only when it is called, so that `--help` and checks are quick."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names in the order in which they are listed above."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Load a command."""
        place = COMMANDS.get(cmd_name)
        if place is None:
            return None
        module, _, name = place.partition(":")
        command = getattr(import_module(module), name)
        assert isinstance(command, click.Command)
        return command


@click.group(cls=_Lazy, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="roundtable-community", prog_name="community")
def _community() -> None:
    """Roundtable: closed spaces where Medical Affairs hosts healthcare professionals it knows."""


def main() -> None:
    """Run the command line; what is refused is said in a sentence, without a trace."""
    os.environ.setdefault("COMMUNITY_ASYNC", "threading")
    with _refusals_as_sentences():
        _community(prog_name="community")


@contextmanager
def _refusals_as_sentences() -> Iterator[None]:
    from community.config import SettingsError  # noqa: PLC0415 - quick start
    from community.kernel.errors import Refusal  # noqa: PLC0415

    try:
        yield
    except Refusal as refusal:
        click.echo(refusal.sentence % refusal.values if refusal.values else refusal.sentence,
                   err=True)  # fmt: skip
        sys.exit(1)
    except SettingsError as problem:
        click.echo(str(problem), err=True)
        sys.exit(1)
