"""Room for the slow hashes of recovery codes.

Revision: 0009. After: 0008. What lies there stays as it is.
"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

SHORT, LONG = sa.String(length=64), sa.String(length=128)


def upgrade() -> None:
    with op.batch_alter_table("recovery_code") as code:
        code.alter_column("code_hash", existing_type=SHORT, type_=LONG, existing_nullable=False)


def downgrade() -> None:
    op.execute("delete from recovery_code where length(code_hash) > 64")  # it could not read them
    with op.batch_alter_table("recovery_code") as code:
        code.alter_column("code_hash", existing_type=LONG, type_=SHORT, existing_nullable=False)
