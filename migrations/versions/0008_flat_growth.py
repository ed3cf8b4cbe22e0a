"""Indexes that keep pages as fast with a million posts as with a thousand.

Revision: 0008. After: 0007.
"""

from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_post_own", "post", ["author_id", "state"])
    op.drop_index(op.f("ix_post_author_id"), table_name="post")
    op.create_index("ix_revision_own", "revision", ["editor_id", "state"])
    op.create_index("ix_thread_latest", "thread", ["space_id", "news_at", "id"])


def downgrade() -> None:
    op.drop_index("ix_thread_latest", table_name="thread")
    op.drop_index("ix_revision_own", table_name="revision")
    op.create_index(op.f("ix_post_author_id"), "post", ["author_id"])
    op.drop_index("ix_post_own", table_name="post")
