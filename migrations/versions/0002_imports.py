"""Authors of earlier communities, and deadlines with names as long as protocols give them.

Revision: 0002. After: 0001.
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    key = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "imported_author",
        sa.Column("id", key, nullable=False),
        sa.Column("space_id", key, nullable=False),
        sa.Column("author", sa.String(length=255), nullable=False),
        sa.Column("member_id", key, nullable=False),
        sa.ForeignKeyConstraint(
            ["member_id"],
            ["member.id"],
            name=op.f("fk_imported_author_member_id_member"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["space_id"],
            ["space.id"],
            name=op.f("fk_imported_author_space_id_space"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_imported_author")),
        sa.UniqueConstraint("space_id", "author", name=op.f("uq_imported_author_space_id_author")),
    )
    with op.batch_alter_table("deadline") as deadline:
        deadline.alter_column("name", existing_type=sa.String(length=64), type_=sa.Text())


def downgrade() -> None:
    with op.batch_alter_table("deadline") as deadline:
        deadline.alter_column("name", existing_type=sa.Text(), type_=sa.String(length=64))
    op.drop_table("imported_author")
