"""A verdict says as whom its author was judged.

Revision: 0010. After: 0009. Older verdicts say nothing of it: for them the author's place in the
space counts, as it did before.
"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "verdict",
        sa.Column("judged_as", sa.String(length=16), nullable=False, server_default=sa.text("''")),
    )


def downgrade() -> None:
    with op.batch_alter_table("verdict") as verdict:
        verdict.drop_column("judged_as")
