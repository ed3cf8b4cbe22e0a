"""Second factors: authenticator apps, recovery codes, passkeys, and the company's own sign-in.

Revision: 0007. After: 0006. Only adds, so that the program before it goes on meanwhile.
"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)
COLUMNS = (
    ("member", "second_factor_since"),
    ("member_session", "strong_at"),
    ("member_session", "confirmed_at"),
)


def upgrade() -> None:
    for table, column in COLUMNS:
        op.add_column(table, sa.Column(column, MOMENT, nullable=True))
    op.create_table(
        "authenticator",
        *_of_a_member("authenticator"),
        sa.Column("sealed", sa.Text(), nullable=False),
        sa.Column("last_step", KEY, nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.UniqueConstraint("member_id", name=op.f("uq_authenticator_member_id")),
    )
    op.create_table(
        "recovery_code",
        *_of_a_member("recovery_code"),
        sa.Column("code_hash", sa.String(length=64), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("used_at", MOMENT, nullable=True),
        sa.UniqueConstraint("code_hash", name=op.f("uq_recovery_code_code_hash")),
    )
    op.create_table(
        "passkey",
        *_of_a_member("passkey"),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("credential_id", sa.String(length=1400), nullable=False),
        sa.Column("public_key", sa.LargeBinary(), nullable=False),
        sa.Column("sign_count", KEY, nullable=False),
        sa.Column("transports", sa.JSON(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("used_at", MOMENT, nullable=True),
        sa.UniqueConstraint("credential_id", name=op.f("uq_passkey_credential_id")),
    )
    op.create_table(
        "passkey_challenge",
        sa.Column("id", KEY, nullable=False),
        sa.Column("challenge_hash", sa.String(length=64), nullable=False),
        sa.Column("purpose", sa.String(length=32), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_passkey_challenge")),
        sa.UniqueConstraint("challenge_hash", name=op.f("uq_passkey_challenge_challenge_hash")),
    )
    op.create_table(
        "company_identity",
        *_of_a_member("company_identity"),
        sa.Column("issuer", sa.String(length=255), nullable=False),
        sa.Column("subject", sa.String(length=255), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.UniqueConstraint("issuer", "subject", name=op.f("uq_company_identity_issuer_subject")),
    )
    for table in ("recovery_code", "passkey", "company_identity"):
        op.create_index(op.f(f"ix_{table}_member_id"), table, ["member_id"])
    op.create_index(op.f("ix_passkey_challenge_created_at"), "passkey_challenge", ["created_at"])


def _of_a_member(table: str) -> tuple[sa.schema.SchemaItem, ...]:
    return (
        sa.Column("id", KEY, nullable=False),
        sa.Column("member_id", KEY, nullable=False),
        sa.ForeignKeyConstraint(
            ["member_id"],
            ["member.id"],
            name=op.f(f"fk_{table}_member_id_member"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
    )


def downgrade() -> None:
    for table in (
        "company_identity",
        "passkey_challenge",
        "passkey",
        "recovery_code",
        "authenticator",
    ):
        op.drop_table(table)
    for table, column in COLUMNS:
        op.drop_column(table, column)
