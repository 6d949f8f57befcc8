"""One command where there is no make, Windows included; needs Python and nothing else.

    python start.py 2023                       build the disclosure of 2023
    python start.py check 2023                 any command of the generator
    python start.py --install                  only prepare the environment
    python start.py --smoke                    prepare it, then build the shipped year on trial

The environment is made in .venv/ beside this file, from ./wheels without any network if that folder
is there. Annotations and newer syntax are left out: an old Python must be able to say that it is old.
"""

import hashlib
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
LOCK = ROOT / "requirements.lock"
WHEELS = ROOT / "wheels"
SUMS = ROOT / "SHA256SUMS"
INSTALLED = VENV / "installed.lock"  # the lock the environment was made from
READY = VENV / "ready"  # what make looks for
OLDEST = (3, 11)

USAGE = """用法：
  python start.py 2023          生成 2023 年部门预算公开（结果在 out 文件夹）
  python start.py 2023 --all    部门和每个单位的都生成
  python start.py check 2023    只检查；其他命令同样写在 start.py 后面
  python start.py --install     只准备运行环境
  python start.py --smoke       准备好以后试运行一遍
"""


def main(words):
    speak_utf8()
    here = sys.version_info[:2]
    if here < OLDEST:
        return fail(
            f"Python 版本太旧：这里是 {dotted(here)}，要 {dotted(OLDEST)} 或更新。",
            "装好新的 Python 以后，用它再运行一次，例如 py -3.11 start.py 2023",
        )
    if not words or words[0] in ("-h", "--help"):
        print(USAGE, flush=True)
        if words and READY.exists():
            run("-m", "generator", "--help")
        return 0 if words else 2
    try:
        code = prepare()
    except KeyboardInterrupt:
        return fail("已中断。", "没有装完；再运行一次就行")
    if code or words[0] == "--install":
        return code
    if words[0].isdigit():
        words = ["build", *words]
    try:
        smoke = words[0] == "--smoke"
        return run("-m", "tools.smoke") if smoke else run("-m", "generator", *words)
    except KeyboardInterrupt:  # of which the generator has told
        return 1


def speak_utf8():
    """A Windows console is not UTF-8 by itself."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")


def dotted(version):
    return ".".join(str(number) for number in version)


def fail(message, advice):
    print(f"{message}\n  → {advice}", file=sys.stderr)
    return 1


def prepare():
    """Make .venv/ from the lock unless it already is; 0 when ready."""
    lock = LOCK.read_bytes()
    if python().exists() and INSTALLED.exists() and INSTALLED.read_bytes() == lock:
        return 0
    print("第一次运行，正在准备环境（只做一次）……", flush=True)
    offline = WHEELS.is_dir()
    wrong = changed_wheels() if offline else []
    if wrong:
        return fail(
            f"安装包不完整或被改动：{'、'.join(wrong[:5])}",
            "重新复制或解压一次，再核对压缩包旁边的 .sha256",
        )
    if call(sys.executable, "-m", "venv", "--clear", str(VENV)):
        return fail(
            f"不能建立运行环境 {VENV}",
            "Linux 上装好 python3-venv，Windows 上用 python.org 的安装包；确认这个文件夹可以写入",
        )
    source = ["--no-index", "--find-links", str(WHEELS)] if offline else []
    install = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", *source]
    if run(*install, "-r", str(LOCK)):
        return fail("安装没有成功。", advice_for_install(offline))
    INSTALLED.write_bytes(lock)
    READY.touch()
    print("环境已经准备好。", flush=True)
    return 0


def advice_for_install(offline):
    if not offline:
        return "检查网络；不能上网的电脑用离线包（里面有 wheels 文件夹）"
    parts = {part for wheel in WHEELS.glob("*.whl") for part in wheel.name.split("-")}
    versions = "、".join(sorted(part for part in parts if part.startswith("cp3")))
    here = f"cp{sys.version_info[0]}{sys.version_info[1]}"
    return f"wheels 里的安装包适用于 {versions}，Windows x86-64、Linux x86-64 和 aarch64；这里是 {here}"


def changed_wheels():
    """The wheels that are missing or differ from SHA256SUMS; none if there is no such list."""
    wrong = []
    lines = SUMS.read_text(encoding="utf-8").splitlines() if SUMS.is_file() else []
    for line in lines:
        digest, _, name = line.partition("  ")
        if name.startswith("wheels/"):
            wheel = ROOT / name
            content = wheel.read_bytes() if wheel.is_file() else b""
            if hashlib.sha256(content).hexdigest() != digest:
                wrong.append(name)
    return wrong


def python():
    return VENV / "Scripts" / "python.exe" if os.name == "nt" else VENV / "bin" / "python"


def run(*words):
    """Run the environment's Python where the user stands; its exit code."""
    return call(str(python()), *words)


def call(*words):
    values = dict(os.environ, PYTHONUTF8="1", PYTHONIOENCODING="utf-8", PYTHONPATH=str(ROOT))
    values.pop("PYTHONHOME", None)
    return subprocess.call(words, env=values)  # noqa: S603  # our own words


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
