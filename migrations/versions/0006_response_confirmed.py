"""A second keeper confirms a version of an approved response before it is used.

Revision: 0006. After: 0005.
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    key = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    with op.batch_alter_table("response_version") as version:
        version.add_column(sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True))
        version.add_column(sa.Column("confirmed_by_id", key, nullable=True))
        version.create_foreign_key(
            op.f("fk_response_version_confirmed_by_id_member"),
            "member",
            ["confirmed_by_id"],
            ["id"],
        )
    # What is in the library already is in use, and stays so: nobody is named as having confirmed it.
    op.execute("UPDATE response_version SET confirmed_at = added_at")


def downgrade() -> None:
    with op.batch_alter_table("response_version") as version:
        version.drop_constraint(
            op.f("fk_response_version_confirmed_by_id_member"), type_="foreignkey"
        )
        version.drop_column("confirmed_by_id")
        version.drop_column("confirmed_at")
