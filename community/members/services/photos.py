"""Photos: made anew here, so that nothing that came inside the file is kept."""

from __future__ import annotations

import io
import secrets
import warnings

import sqlalchemy as sa

from community.audit.services import record
from community.kernel import clock
from community.kernel.db import session
from community.kernel.errors import Invalid
from community.kernel.words import N_
from community.members.models import Member, Photo
from community.members.services.heavy_work import beside_the_loop

LARGEST_BYTES = 5 * 1024 * 1024
LARGEST_PIXELS = 40_000_000
EDGE = 512
FORMATS = ("JPEG", "PNG", "WEBP")

_UNREADABLE = N_("We could not read that as a picture. Take a JPEG, PNG or WebP file.")


def reencode(raw: bytes) -> bytes:
    """Return a picture as WebP, upright, at most 512 pixels wide and high, without metadata.

    Raises:
        Invalid: too large, or no JPEG, PNG or WebP.
    """
    from PIL import Image  # noqa: PLC0415 - large, and seldom needed

    if len(raw) > LARGEST_BYTES:
        raise Invalid(N_("That file is too large. It may have 5 MB."), field="photo")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)  # judged below
            return _reencode(raw)
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        raise Invalid(_UNREADABLE, field="photo") from None


def _reencode(raw: bytes) -> bytes:
    from PIL import Image, ImageOps  # noqa: PLC0415 - as above

    with Image.open(io.BytesIO(raw), formats=FORMATS) as picture:
        if picture.width * picture.height > LARGEST_PIXELS:
            sentence = N_("That picture has too many pixels. It may have 40 million.")
            raise Invalid(sentence, field="photo")
        picture.draft("RGB", (EDGE * 2, EDGE * 2))
        upright = ImageOps.exif_transpose(picture)
        upright.thumbnail((EDGE, EDGE))
        clean = upright.convert("RGBA" if upright.has_transparency_data else "RGB")
    clean.info.clear()
    out = io.BytesIO()
    clean.save(out, "WEBP", quality=82, method=4)
    return out.getvalue()


def set_photo(*, actor: Member, raw: bytes) -> None:
    """Take a new photo of oneself; the address of the one before is dead.

    Raises:
        Invalid: it is no picture that we take.
    """
    content = beside_the_loop(lambda: reencode(raw))
    _drop(actor)
    photo = Photo(
        member_id=actor.id,
        key=secrets.token_urlsafe(24),
        content=content,
        created_at=clock.now(),
    )
    session().add(photo)
    actor.photo_key = photo.key
    record(actor=actor, action="member.photo_set", subject_kind="member", subject_id=actor.id)


def remove_photo(*, actor: Member) -> None:
    """Take one's photo away; nobody can fetch it any more."""
    if not actor.photo_key:
        return
    _drop(actor)
    actor.photo_key = ""
    record(actor=actor, action="member.photo_removed", subject_kind="member", subject_id=actor.id)


def _drop(member: Member) -> None:
    session().execute(sa.delete(Photo).where(Photo.member_id == member.id))
