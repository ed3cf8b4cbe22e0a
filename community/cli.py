"""The command `community`. Exit codes: 0 done, 1 refused or found wanting, 2 wrong usage."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module

import click

# Each with its first sentence, so that the list can be shown without loading the program.
COMMANDS = {
    "serve": ("community.commands.serve:serve", "Serve the site."),
    "worker": (
        "community.commands.serve:worker",
        "Do the background work: letters, reminders, clean-up.",
    ),
    "healthy": (
        "community.commands.serve:healthy",
        "Say whether the site on this machine can serve; for health checks.",
    ),
    "migrate": ("community.commands.migrating:migrate", "Bring the database up to date."),
    "backup": (
        "community.commands.backing_up:backup",
        "Copy the database and the files, while the site runs, into FOLDER.",
    ),
    "restore": (
        "community.commands.backing_up:restore",
        "Go back to the backup in ARCHIVE; the site must be stopped.",
    ),
    "demo": (
        "community.demo.cli:demo",
        "Fill a demo community with invented people, and serve it on this machine only.",
    ),
    "member": ("community.members.cli:member", "Make members by hand."),
    "space": ("community.spaces.cli:space", "Make spaces by hand."),
    "invite": (
        "community.invitations.cli:invite",
        "Invite somebody by e-mail; the letter goes out with the next look of the worker.",
    ),
    "import-threads": (
        "community.threads.cli:import_threads",
        "Bring in threads from FILE, one JSON object a line.",
    ),
    "policy": ("community.use_policies.cli:policy", "Look after the use policies."),
    "guardrails": ("community.guardrails.cli:guardrails", "Rules for what may be posted."),
    "library": ("community.library.cli:library", "The library of approved responses."),
    "render": ("community.kernel.cli:render", "Show the HTML that a post of this text would have."),
    "audit": ("community.audit.cli:audit", "The record of who did what."),
}


class _Lazy(click.Group):
    """Loads a command only when it is called, so that `--help` and checks are quick."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names in the order in which they are listed above."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Load a command."""
        if cmd_name not in COMMANDS:
            return None
        module, _, name = COMMANDS[cmd_name][0].partition(":")
        command = getattr(import_module(module), name)
        assert isinstance(command, click.Command)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands, without loading any."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, says) for name, (_, says) in COMMANDS.items()])


@click.group(cls=_Lazy, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="roundtable-community", prog_name="community")
def _community() -> None:
    """Roundtable: closed spaces where Medical Affairs hosts healthcare professionals it knows."""


def main() -> None:
    """Run the command line; what is refused is said in a sentence, without a trace."""
    os.umask(0o077)  # database, letters and the key are for whoever runs the program alone
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
    except Exception as problem:
        if not (sentence := _said_of_database(problem)):
            raise
        click.echo(sentence, err=True)
        sys.exit(1)


def _said_of_database(problem: Exception) -> str:
    """Return what to do where a command failed for the state of the database; empty if not so."""
    # Whoever needs no database has not loaded this, and such a command can not fail of it.
    if "sqlalchemy" not in sys.modules:
        return ""
    from sqlalchemy.exc import OperationalError, ProgrammingError  # noqa: PLC0415

    if not isinstance(problem, OperationalError | ProgrammingError):
        return ""
    from community import create_app  # noqa: PLC0415
    from community.kernel import schema  # noqa: PLC0415

    try:
        with create_app().app_context():
            is_ready = schema.is_ready()
    except OperationalError as unreachable:
        return f"The database does not answer: {str(unreachable.orig).splitlines()[0]}"
    return "" if is_ready else "The database is not up to date: run `community migrate` first."
