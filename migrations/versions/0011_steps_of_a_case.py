"""A case's deadlines are steps: which one, who settled it, and whether it did not apply.

Revision: 0011. After: 0010. Deadlines that were met before say no more than that they were.
"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

EMPTY = sa.text("''")
SETTLED = sa.Enum("done", "waived", name="settled", native_enum=False, length=32)
KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    with op.batch_alter_table("deadline") as deadline:
        deadline.add_column(sa.Column("step", sa.String(32), nullable=False, server_default=EMPTY))
        deadline.add_column(sa.Column("settled_as", SETTLED, nullable=True))
        deadline.add_column(sa.Column("met_by_id", KEY, nullable=True))
        deadline.create_foreign_key(
            op.f("fk_deadline_met_by_id_member"), "member", ["met_by_id"], ["id"]
        )


def downgrade() -> None:
    with op.batch_alter_table("deadline") as deadline:
        deadline.drop_constraint(op.f("fk_deadline_met_by_id_member"), type_="foreignkey")
        deadline.drop_column("met_by_id")
        deadline.drop_column("settled_as")
        deadline.drop_column("step")
