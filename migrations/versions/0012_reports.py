"""Reports: a member asks the moderators to look at a post, which opens a case.

Revision: 0012. After: 0011. Going back, cases that reports have opened become routed ones, whose
own clocks and decisions they keep; what members wrote in their reports goes with the table.
"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

REASONS = ("patient", "wrong", "unkind", "advert", "purpose", "other")
KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _to(table: str, *, cascades: bool) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [f"{table}_id"],
        [f"{table}.id"],
        name=op.f(f"fk_report_{table}_id_{table}"),
        ondelete="CASCADE" if cascades else None,
    )


def upgrade() -> None:
    op.create_table(
        "report",
        sa.Column("id", KEY, nullable=False),
        sa.Column("post_id", KEY, nullable=False),
        sa.Column("thread_id", KEY, nullable=False),
        sa.Column("member_id", KEY, nullable=False),
        sa.Column("review_id", KEY, nullable=False),
        sa.Column(
            "reason",
            sa.Enum(*REASONS, name="reportreason", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("client_key", sa.String(64), nullable=False),
        _to("post", cascades=True),
        _to("thread", cascades=True),
        _to("member", cascades=False),
        _to("review", cascades=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report")),
        sa.UniqueConstraint("member_id", "client_key", name=op.f("uq_report_member_id_client_key")),
        sa.UniqueConstraint("review_id", "member_id", name=op.f("uq_report_review_id_member_id")),
    )
    op.create_index(op.f("ix_report_post_id"), "report", ["post_id"])
    op.create_index("ix_report_own", "report", ["member_id", "thread_id"])


def downgrade() -> None:
    op.execute("UPDATE review SET kind = 'routed' WHERE kind = 'report'")
    op.drop_table("report")
