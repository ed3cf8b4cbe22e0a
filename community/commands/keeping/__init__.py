"""Keeping a copy of the installation, and going back to one.

A backup is one archive: a manifest, the database as a SQLite file whatever database it came from,
and the folders with files. So no program of the database is needed to make or to read one, a
backup can be looked into anywhere, and a site can move from SQLite to PostgreSQL and back.
"""

from __future__ import annotations


class Unfit(Exception):
    """A backup that can't be made or taken back; the message says why and what to do."""
