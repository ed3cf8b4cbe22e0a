"""The steps of a replay, one after the other."""

from __future__ import annotations

from community.jobs.services import register
from community.kernel.db import Json
from community.replays import services


def _step(args: Json) -> None:
    services.step(args["replay_id"])


register("replays.step", _step)
