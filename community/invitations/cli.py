"""Inviting at the console."""

from __future__ import annotations

import click

from community.invitations import services
from community.kernel.errors import NotFound
from community.kernel.unit_of_work import transaction
from community.members.models import Affiliation
from community.members.services import find_by_email
from community.spaces.models import Role


@click.command("invite")
@click.option("--email", required=True, help="Whom to invite.")
@click.option("--space", "slugs", multiple=True, required=True, help="Slug; may be repeated.")
@click.option("--by", required=True, help="E-mail of the moderator or administrator who invites.")
@click.option(
    "--role",
    type=click.Choice([role.value for role in Role]),
    default=Role.MEMBER.value,
    show_default=True,
    help="Their role in these spaces.",
)
@click.option(
    "--affiliation",
    type=click.Choice([kind.value for kind in Affiliation]),
    default=Affiliation.HCP.value,
    show_default=True,
    help="For whom they work, where they are no member yet.",
)
@click.option("--note", default="", help="A personal word, shown on the invitation's page.")
@click.option(
    "--days",
    type=click.IntRange(1, services.LONGEST_DAYS),
    default=services.USUAL_DAYS,
    show_default=True,
    help="How long it can be used.",
)
def invite(
    *,
    email: str,
    slugs: tuple[str, ...],
    by: str,
    role: str,
    affiliation: str,
    note: str,
    days: int,
) -> None:
    """Invite somebody by e-mail; the letter goes out with the next look of the worker."""
    from community import create_app  # noqa: PLC0415 - the command line starts without an app

    with create_app().app_context(), transaction():
        actor = find_by_email(by)
        if actor is None:
            raise NotFound
        made = services.issue(
            actor=actor,
            email=email,
            places=[(slug, Role(role)) for slug in slugs],
            note=note,
            expires_days=days,
            affiliation=Affiliation(affiliation),
        )
        sentence = f"Invitation {made.id} to {made.email} is open until {made.expires_at:%d %b %Y}."
    click.echo(sentence)
