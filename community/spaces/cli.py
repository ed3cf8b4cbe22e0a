"""Spaces at the console."""

from __future__ import annotations

import click

from community.kernel.errors import Invalid
from community.kernel.unit_of_work import transaction
from community.kernel.words import N_
from community.members.services import find_by_email
from community.spaces import services
from community.spaces.models import Role, Space


@click.group()
def space() -> None:
    """Make spaces by hand."""


@space.command()
@click.option("--slug", required=True, help="Its name in addresses, such as heart-failure.")
@click.option("--name", required=True, help="As it stands above its threads.")
@click.option("--purpose", required=True, help="Why it exists, in a sentence or two.")
@click.option("--value", required=True, help="What is in it for members.")
@click.option("--country", "countries", multiple=True, help="Two letters; may be repeated.")
@click.option("--product", "products", multiple=True, help="Name of a product file; likewise.")
@click.option("--language", "languages", multiple=True, default=("en",), show_default=True)
@click.option("--time-zone", default="UTC", show_default=True, help="An IANA name.")
@click.option("--edit-minutes", type=int, default=30, show_default=True)
@click.option("--moderator", "moderators", multiple=True, help="E-mail of a member; likewise.")
def create(*, slug: str, name: str, purpose: str, value: str, moderators: tuple[str, ...],
           **frame: object) -> None:  # fmt: skip
    """Make a space, with its moderators where they are members already."""
    from community import create_app  # noqa: PLC0415 - the command line starts without an app

    with create_app().app_context(), transaction():
        made = services.create_space(
            actor=None,
            slug=slug,
            charter=services.Charter(name=name, purpose=purpose, value=value),
            frame=services.Frame(**frame),  # type: ignore[arg-type]  # click has typed them
        )
        for email in moderators:
            _seat(made, email)
        sentence = f"{made.name} is at /spaces/{made.slug}, with {len(moderators)} moderators."
    click.echo(sentence)


def _seat(made: Space, email: str) -> None:
    member = find_by_email(email)
    if member is None:
        raise Invalid(N_("There is no member with the address %(email)s."), email=email)
    services.take_place(actor=member, space=made, member=member, role=Role.MODERATOR)
