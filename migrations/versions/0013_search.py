"""The index of the words of all posts, filled from those that are there.

Revision: 0013. After: 0012. On PostgreSQL the new owner of the index is whoever runs this; where
`deploy/grants.sql` was run, its default rights give the pages theirs.
"""

from alembic import op

from community.search import index

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    index.put_up(op.get_bind())


def downgrade() -> None:
    index.take_down(op.get_bind())
