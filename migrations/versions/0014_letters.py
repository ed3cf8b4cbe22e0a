"""Letters about answers and summaries: how far news was looked through, and when a summary was due.

Revision: 0014. After: 0013. What stands in the rooms by now is no news: it is taken as looked
through. Every place gets letters about answers, until its member says otherwise.
"""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "looked_through",
        sa.Column("space_id", KEY, autoincrement=False, nullable=False),
        sa.Column("seq", KEY, nullable=False),
        sa.ForeignKeyConstraint(
            ["space_id"],
            ["space.id"],
            name=op.f("fk_looked_through_space_id_space"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("space_id", name=op.f("pk_looked_through")),
    )
    op.create_table(
        "summary",
        sa.Column("membership_id", KEY, autoincrement=False, nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["membership_id"],
            ["membership.id"],
            name=op.f("fk_summary_membership_id_membership"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("membership_id", name=op.f("pk_summary")),
    )
    op.execute("INSERT INTO looked_through (space_id, seq) SELECT space_id, seq FROM stream")
    op.execute("UPDATE membership SET notification_level = 'answers'")


def downgrade() -> None:
    op.execute("UPDATE membership SET notification_level = 'mentions'")
    op.drop_table("summary")
    op.drop_table("looked_through")
