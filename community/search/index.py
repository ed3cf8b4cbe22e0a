"""The index of words: a table beside the posts that the database itself keeps right, by triggers.

All posts are in it, whatever their state: who may find one is asked of `post` and `thread` when
somebody searches, so that holding, removing, releasing and moving change nothing here. What does
(a new post, another wording, another title or space of a thread, a post that is deleted) changes it
in the same transaction, whoever writes: this program, an older one, an import, a restore, a hand.

A post is kept with its own words, with those of its thread's title, and with a mark of its space
that nobody can type, so that a search begins in the rooms of whoever searches.

A table that is altered by copying it (SQLite) loses its triggers: a migration that does so to
`post` or `thread` calls `put_up` afterwards.
"""

from __future__ import annotations

import sqlalchemy as sa

INDEX = "words_of_posts"  # tables of a name like that are derived: `kernel.schema.is_derived`

# FTS5 folds case and accents of Latin letters and takes English endings off (Porter's algorithm):
# https://www.sqlite.org/fts5.html#tokenizers
_SQLITE = (
    """create virtual table words_of_posts using fts5
    (place, title, text, tokenize = 'porter unicode61 remove_diacritics 2')""",
    """create trigger words_of_posts_new after insert on post begin
    insert into words_of_posts (rowid, place, title, text)
    select new.id, 's' || space_id, title, new.text from thread where id = new.thread_id; end""",
    """create trigger words_of_posts_edited after update of text, thread_id on post begin
    delete from words_of_posts where rowid = old.id;
    insert into words_of_posts (rowid, place, title, text)
    select new.id, 's' || space_id, title, new.text from thread where id = new.thread_id; end""",
    """create trigger words_of_posts_gone after delete on post begin
    delete from words_of_posts where rowid = old.id; end""",
    """create trigger words_of_posts_renamed after update of title, space_id on thread
    when old.title <> new.title or old.space_id <> new.space_id begin
    update words_of_posts set place = 's' || new.space_id, title = new.title
    where rowid in (select id from post where thread_id = new.id); end""",
)
_SQLITE_FILLING = (
    """insert into words_of_posts (rowid, place, title, text)
    select post.id, 's' || space_id, title, text from post join thread on thread.id = thread_id""",
    "insert into words_of_posts (words_of_posts) values ('optimize')",
)
_SQLITE_DOWN = (
    *(
        f"drop trigger if exists words_of_posts_{deed}"
        for deed in ("new", "edited", "gone", "renamed")
    ),
    "drop table if exists words_of_posts",
)

# PostgreSQL's own way of telling words apart makes one of "mmHg/min", drops "no" and "not", and
# knows accents as other letters. So a text is made plain first (letters and digits, in small,
# without accents), and the endings come off by a dictionary that drops nothing:
# https://www.postgresql.org/docs/current/textsearch-dictionaries.html
_POSTGRESQL = (
    "create text search dictionary words_of_posts (template = snowball, language = english)",
    "create text search configuration words_of_posts (copy = simple)",
    """alter text search configuration words_of_posts
    alter mapping for asciiword, word, numword with words_of_posts""",
    r"""create function words_of_posts_plain(written text) returns text
    language sql immutable parallel safe as $$
    select regexp_replace(
        regexp_replace(lower(normalize(written, nfkd)), '[\u0300-\u036f]+', '', 'g'),
        '[\u0001-\u002f\u003a-\u0040\u005b-\u0060\u007b-\u00bf\u00d7\u00f7\u2000-\u206f'
        '\u20a0-\u20cf\u2190-\u2bff\u3000-\u303f]+', ' ', 'g') $$""",
    """create function words_of_posts_in(space bigint, title text, written text) returns tsvector
    language sql stable parallel safe as $$
    select ('''@' || space || '''')::tsvector
        || setweight(to_tsvector('words_of_posts', words_of_posts_plain(title)), 'A')
        || setweight(to_tsvector('words_of_posts', words_of_posts_plain(written)), 'B') $$""",
    """create table words_of_posts
    (post_id bigint primary key references post on delete cascade, words tsvector not null)""",
    "create index ix_words_of_posts_words on words_of_posts using gin (words)",
    """create function words_of_posts_keep() returns trigger language plpgsql as $$ begin
    insert into words_of_posts (post_id, words)
    select new.id, words_of_posts_in(space_id, title, new.text) from thread
    where id = new.thread_id
    on conflict (post_id) do update set words = excluded.words; return null; end $$""",
    """create trigger words_of_posts_kept after insert or update of text, thread_id on post
    for each row execute function words_of_posts_keep()""",
    """create function words_of_posts_rename() returns trigger language plpgsql as $$ begin
    update words_of_posts set words = words_of_posts_in(new.space_id, new.title, post.text)
    from post where post.thread_id = new.id and post_id = post.id; return null; end $$""",
    """create trigger words_of_posts_renamed after update of title, space_id on thread
    for each row when (old.title <> new.title or old.space_id <> new.space_id)
    execute function words_of_posts_rename()""",
)
_POSTGRESQL_FILLING = (
    """insert into words_of_posts (post_id, words)
    select post.id, words_of_posts_in(space_id, title, text)
    from post join thread on thread.id = thread_id""",
)
_POSTGRESQL_DOWN = (
    "drop trigger if exists words_of_posts_kept on post",
    "drop trigger if exists words_of_posts_renamed on thread",
    """drop function if exists words_of_posts_keep(), words_of_posts_rename(),
    words_of_posts_in(bigint, text, text), words_of_posts_plain(text)""",
    "drop table if exists words_of_posts",
    "drop text search configuration if exists words_of_posts",
    "drop text search dictionary if exists words_of_posts",
)


def put_up(connection: sa.Connection) -> None:
    """Make the index and its triggers anew, and fill it from the posts that are there."""
    take_down(connection)
    is_sqlite = connection.dialect.name == "sqlite"
    _run(connection, _SQLITE if is_sqlite else _POSTGRESQL)
    _run(connection, _SQLITE_FILLING if is_sqlite else _POSTGRESQL_FILLING)


def take_down(connection: sa.Connection) -> None:
    """Take the index and its triggers away, if they are there."""
    _run(connection, _SQLITE_DOWN if connection.dialect.name == "sqlite" else _POSTGRESQL_DOWN)


def _run(connection: sa.Connection, statements: tuple[str, ...]) -> None:
    for statement in statements:
        connection.exec_driver_sql(statement)
