"""Members at the console: the first administrator comes from here."""

from __future__ import annotations

import sys

import click

from community.kernel.errors import Refusal
from community.kernel.unit_of_work import transaction
from community.members import services
from community.members.models import Affiliation, Duty

_LINK_HOURS = 24


@click.group()
def member() -> None:
    """Make members by hand."""


@member.command()
@click.option("--email", required=True, help="Where they sign in.")
@click.option("--name", required=True, help="As it stands beside what they write.")
@click.option(
    "--affiliation",
    type=click.Choice([kind.value for kind in Affiliation]),
    required=True,
    help="For whom they work.",
)
@click.option(
    "--duty",
    "duties",
    multiple=True,
    type=click.Choice([duty.value for duty in Duty]),
    help="A site-wide job; may be given several times.",
)
@click.option("--job", default="", help="Their role, for those who work for the company.")
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input.")
def create(
    *,
    email: str,
    name: str,
    affiliation: str,
    duties: tuple[str, ...],
    job: str,
    password_stdin: bool,
) -> None:
    """Make a member, and print a one-time link to sign in where no password is given."""
    from community import create_app  # noqa: PLC0415 - the command line starts without an app

    password = sys.stdin.readline().rstrip("\r\n") if password_stdin else ""
    with create_app().app_context(), transaction():
        made = services.create_member(
            actor=None,
            email=email,
            name=name,
            affiliation=Affiliation(affiliation),
            duties=[Duty(duty) for duty in duties],
            password=password,
            job=job,
        )
        sentence = f"{made.name} is member {made.id}."
        if not password_stdin:
            link = services.issue_sign_in_link(member=made, hours=_LINK_HOURS)
            sentence += f"\nSign in once within {_LINK_HOURS} hours: {link}"
    click.echo(sentence)


@member.command()
@click.option("--email", required=True, help="Where they sign in.")
@click.option("--reason", required=True, help="How you made sure that it is they who ask.")
def reset_second_factor(*, email: str, reason: str) -> None:
    """Take away a lost second factor, where no other administrator can."""
    from community import create_app  # noqa: PLC0415 - the command line starts without an app

    with create_app().app_context(), transaction():
        found = services.find_by_email(email)
        if found is None:
            click.echo("There is no member with this address.", err=True)
            sys.exit(1)
        try:
            services.reset_second_factor(
                actor=None, member=found, reason=reason, version=found.version
            )
        except Refusal as refusal:
            click.echo(refusal.sentence, err=True)
            sys.exit(1)
        name = found.name
    click.echo(f"{name} sets up a new second factor at the next sign-in.")
