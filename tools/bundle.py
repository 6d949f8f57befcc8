"""`make bundle`: everything a machine without internet needs, in one zip under dist/.

The source, wheels for every platform and Python the product supports, SHA256SUMS of all of it, and
scripts that install without a network. Wheels come through pip, as an installation's would.
"""

from __future__ import annotations

import argparse
import hashlib
import subprocess
import sys
import tomllib
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PYTHONS = ("3.11", "3.12", "3.13", "3.14")
# Name -> the tags pip may take, the newest first. Domestic Linux systems (Kylin V10, UOS 20) have
# glibc 2.28.
_GLIBC = ("2_28", "2_27", "2_24", "2_17")
PLATFORMS = {
    "windows-x86_64": ("win_amd64",),
    "linux-x86_64": (*(f"manylinux_{v}_x86_64" for v in _GLIBC), "manylinux2014_x86_64"),
    "linux-aarch64": (*(f"manylinux_{v}_aarch64" for v in _GLIBC), "manylinux2014_aarch64"),
}
SUMS = "SHA256SUMS"
# The zip is the same for the same content: no clock in it.
_TIME = (1980, 1, 1, 0, 0, 0)

INSTALL_SH = """#!/bin/sh
# Prepares the environment from ./wheels, without any network, and tries it.
cd "$(dirname "$0")" || exit 1
exec "${PYTHON:-python3}" start.py --smoke
"""
INSTALL_BAT = """@echo off
rem Prepares the environment from .\\wheels, without any network, and tries it.
chcp 65001 >nul
cd /d "%~dp0"
set PYTHONUTF8=1
where py >nul 2>nul && (py -3 start.py --smoke) || (python start.py --smoke)
pause
"""


class BundleError(Exception):
    """The bundle cannot be made; the message says why, in Chinese."""


def main(words: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="做离线安装包 dist/…zip")
    parser.add_argument("--platform", action="append", choices=PLATFORMS, help="不写就是全部")
    parser.add_argument("--python", action="append", choices=PYTHONS, help="不写就是全部")
    parser.add_argument("--out", type=Path, default=ROOT / "dist")
    arguments = parser.parse_args(words)
    try:
        wheels = arguments.out / "wheels"
        for name in arguments.platform or PLATFORMS:
            for version in arguments.python or PYTHONS:
                print(f"下载 {name}、Python {version} 的安装包……", flush=True)
                download(name, version, wheels)
        bundle = write_bundle(arguments.out, contents_of(wheels))
    except BundleError as error:
        print(f"没有做成：{error}", file=sys.stderr)
        return 1
    print(f"{bundle}（{bundle.stat().st_size / 2**20:.0f} MB）")
    return 0


def download(platform: str, version: str, wheels: Path) -> None:
    """The wheels of requirements.lock for one platform and Python; those already there are kept."""
    wheels.mkdir(parents=True, exist_ok=True)
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check"]
    command += [
        "--only-binary=:all:",
        "--no-deps",
        "--dest",
        str(wheels),
        "--find-links",
        str(wheels),
    ]
    for tag in PLATFORMS[platform]:
        command += ["--platform", tag]
    command += ["--python-version", version, "--implementation", "cp"]
    for abi in (f"cp{version.replace('.', '')}", "abi3", "none"):
        command += ["--abi", abi]
    done = subprocess.run(  # noqa: S603  # our own words
        [*command, "-r", str(ROOT / "requirements.lock")],
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise BundleError(f"{platform}、Python {version}：{done.stderr.strip()[-500:]}")


def contents_of(wheels: Path) -> dict[str, bytes]:
    """Path in the bundle -> content: source, wheels, install scripts, and the checksums of all."""
    contents = {path: (ROOT / path).read_bytes() for path in sources()}
    contents |= {f"wheels/{wheel.name}": wheel.read_bytes() for wheel in needed(wheels)}
    contents["install.sh"] = INSTALL_SH.encode()
    contents["install.bat"] = INSTALL_BAT.replace("\n", "\r\n").encode()
    contents[SUMS] = checksums(contents)
    return contents


def write_bundle(out: Path, contents: dict[str, bytes]) -> Path:
    """The zip, and its own checksum beside it."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    name = f"{project['name']}-{project['version']}-offline"
    bundle = out / f"{name}.zip"
    with zipfile.ZipFile(bundle, "w") as archive:
        for path in sorted(contents):
            entry = zipfile.ZipInfo(f"{name}/{path}", _TIME)
            entry.external_attr = (0o100755 if path.endswith(".sh") else 0o100644) << 16
            packed = path.endswith(".whl")
            entry.compress_type = zipfile.ZIP_STORED if packed else zipfile.ZIP_DEFLATED
            archive.writestr(entry, contents[path])
    digest = hashlib.sha256(bundle.read_bytes()).hexdigest()
    checksum = bundle.with_suffix(".zip.sha256")
    checksum.write_text(f"{digest}  {bundle.name}\n", encoding="utf-8")
    return bundle


def checksums(contents: dict[str, bytes]) -> bytes:
    """The lines `sha256sum --check` reads."""
    lines = (f"{hashlib.sha256(contents[path]).hexdigest()}  {path}\n" for path in sorted(contents))
    return "".join(lines).encode()


def sources() -> Iterator[str]:
    """The project's files: tracked ones and new ones, nothing that git ignores."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, check=False)  # noqa: S603  # our own words
    if done.returncode:
        raise BundleError("要在项目的 git 仓库里做离线包")
    for path in sorted(filter(None, done.stdout.decode("utf-8").split("\0"))):
        if (ROOT / path).is_file():
            yield path


def needed(wheels: Path) -> Iterable[Path]:
    """The wheels of the locked versions; leftovers of earlier locks stay behind."""
    lines = (ROOT / "requirements.lock").read_text(encoding="utf-8").splitlines()
    locked = {_normal(line.replace("==", "-")) for line in lines if "==" in line}
    for wheel in sorted(wheels.glob("*.whl")):
        distribution, version = wheel.name.split("-")[:2]
        if _normal(f"{distribution}-{version}") in locked:
            yield wheel


def _normal(name: str) -> str:
    return name.strip().lower().replace("_", "-").replace(".", "-")


if __name__ == "__main__":
    sys.exit(main())
