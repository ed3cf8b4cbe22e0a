"""One file that holds a backup: a manifest with checksums, the database, and folders of files."""

from __future__ import annotations

import hashlib
import io
import json
import os
import tarfile
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path, PurePosixPath

from community.commands.keeping import Unfit
from community.config import Settings

FORM = 1
DATABASE = "community.sqlite3"
MANIFEST = "manifest.json"
_GZIP_LEVEL = 3  # texts shrink to a third at a few times the speed of the usual nine


@dataclass(frozen=True)
class Manifest:
    """What is in a backup, so that it can be told whether all of it is there."""

    made_at: str
    version: str
    revision: str
    came_from: str
    rows: Mapping[str, int]
    proof_entries: int
    proof_hash: str
    sha256: Mapping[str, str]
    form: int = FORM


def folders_of(settings: Settings) -> dict[str, Path]:
    """Return the folders with files that belong to an installation, by their name in a backup."""
    found = {}
    if settings.mail_url.startswith("mailbox:"):
        found["mail"] = Path(settings.mail_url.removeprefix("mailbox:"))
    if settings.policies_dir is not None:
        found["policies"] = settings.policies_dir
    return found


def sums_of(files: Mapping[str, Path]) -> dict[str, str]:
    """Return the SHA-256 of each file, by its name in the backup."""
    sums = {}
    for name, path in files.items():
        with path.open("rb") as file:
            sums[name] = hashlib.file_digest(file, "sha256").hexdigest()
    return sums


def files_of(folders: Mapping[str, Path]) -> dict[str, Path]:
    """Return every file of the folders, by its name in the backup."""
    return {
        f"{name}/{path.relative_to(folder).as_posix()}": path
        for name, folder in folders.items()
        if folder.is_dir()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not path.is_symlink()
    }


def pack(target: Path, manifest: Manifest, files: Mapping[str, Path]) -> None:
    """Write an archive that only its owner may read; it bears its name when it is whole."""
    unfinished = target.with_name(f"{target.name}.unfinished")
    written = json.dumps(asdict(manifest), indent=1).encode()
    descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as out:
        with tarfile.open(fileobj=out, mode="w:gz", compresslevel=_GZIP_LEVEL) as tar:
            _add(tar, MANIFEST, written)
            for name, path in files.items():
                tar.add(path, arcname=name, filter=_plain)
        out.flush()
        os.fsync(out.fileno())
    unfinished.replace(target)


def _add(tar: tarfile.TarFile, name: str, content: bytes) -> None:
    info = tarfile.TarInfo(name)
    info.size, info.mode = len(content), 0o600
    tar.addfile(info, io.BytesIO(content))


def _plain(info: tarfile.TarInfo) -> tarfile.TarInfo:
    info.uid = info.gid = 0
    info.uname = info.gname = ""
    info.mode = 0o600
    return info


def unpack(archive: Path, folder: Path) -> Manifest:
    """Lay a backup out in a folder, and check each file against its sum.

    Raises:
        Unfit: it is no backup of ours, or not whole.
    """
    try:
        with tarfile.open(archive, mode="r:gz") as tar:
            tar.extractall(folder, filter="data")
        manifest = Manifest(**json.loads((folder / MANIFEST).read_bytes()))
    except (OSError, EOFError, tarfile.TarError, ValueError, TypeError) as problem:
        raise Unfit(f"{archive} is not a whole backup: {type(problem).__name__}.") from problem
    if manifest.form != FORM:
        raise Unfit(f"{archive} is of form {manifest.form}, which this version cannot read.")
    found = {
        path.relative_to(folder).as_posix(): path
        for path in folder.rglob("*")
        if path.is_file() and path != folder / MANIFEST
    }
    if sums_of(found) != manifest.sha256:
        raise Unfit(f"{archive} is not whole: its files are not those that were put in.")
    return manifest


def first_part(name: str) -> str:
    """Return the folder that a file of a backup belongs to."""
    return PurePosixPath(name).parts[0]
