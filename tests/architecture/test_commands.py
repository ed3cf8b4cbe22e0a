"""The command line answers at once: what needs no program loads none."""

import subprocess
import sys

import click
import pytest

from community.cli import COMMANDS, _community

_PROGRAM = ("flask", "sqlalchemy", "socketio")


@pytest.mark.parametrize(
    "module",
    [
        "community",
        "community.cli",
        "community.kernel.cli",
        "community.guardrails.cli",
        "community.use_policies.cli",
        "community.audit.cli",
    ],
)
def test_a_command_without_the_program_does_not_load_it(module: str) -> None:
    code = f"import sys, {module}; print(*(name for name in {_PROGRAM!r} if name in sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == []


@pytest.mark.parametrize("name", COMMANDS)
def test_the_list_of_commands_says_what_each_says_of_itself(name: str) -> None:
    with click.Context(_community) as context:
        command = _community.get_command(context, name)
    assert command is not None
    assert COMMANDS[name][1] == command.get_short_help_str(limit=100)
