#!/usr/bin/env python3
"""Runs the notebooks of this folder, block by block, and fails where a block fails.

A notebook is Markdown. Its ```bash blocks run one after the other in one temporary folder, with `pde` on the path and
under `set -euo pipefail`; its ```python blocks run in one interpreter, in the same folder, and share their names as the
cells of a notebook do. A ```text block right after a block shows what that one printed when the page was written; it is
not compared, since times differ from machine to machine. Assertions inside the Python blocks make the notebook a check.

The Python packages are those of requirements.txt, in a virtual environment below .build that is made when needed.

Exit codes: 0 all blocks ran, 1 a block failed, 64 usage, 65 a notebook that cannot be read, 66 no program or notebook,
69 no virtual environment can be made.
"""

import argparse
import hashlib
import os
import re
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
REQUIREMENTS = HERE / "requirements.txt"
ENVIRONMENT = ROOT / ".build" / "notebooks-venv"

# Runs in the virtual environment: executes the blocks it is sent in one namespace. A block arrives as a line with its
# length in bytes and its first line number, then the text; the answer is a line on a descriptor of its own. Empty lines
# before the text make tracebacks name the notebook's own lines.
INTERPRETER = """
import os, sys, traceback
names = {"__name__": "__main__"}
notebook, answers = sys.argv[1], os.fdopen(int(sys.argv[2]), "w")
while header := sys.stdin.buffer.readline():
    size, line = map(int, header.split())
    text = sys.stdin.buffer.read(size).decode()
    try:
        exec(compile("\\n" * (line - 1) + text, notebook, "exec"), names)
        answer = "done"
    except BaseException:
        traceback.print_exc()
        answer = "failed"
    sys.stdout.flush()
    sys.stderr.flush()
    print(answer, file=answers, flush=True)
"""


class Failure(Exception):
    """What stops the run: a message and an exit code."""

    def __init__(self, message, code):
        super().__init__(message)
        self.code = code


@dataclass
class Block:
    """A fenced block: its language, text, and first line in the page, counted from 1."""

    language: str
    text: str
    line: int
    end: int


def blocks(page):
    """The fenced blocks of a page, in order."""
    found, start, language = [], None, ""
    lines = page.read_text(encoding="utf-8").splitlines()
    for number, line in enumerate(lines, 1):
        if start is None and (opening := re.fullmatch(r"```(\w*)", line)):
            start, language = number, opening[1]
            if language not in ("bash", "python", "text"):
                raise Failure(f"{page.name}:{number}: a block must be bash, python or text, found '{language}'", 65)
        elif start is not None and line == "```":
            text = "".join(each + "\n" for each in lines[start : number - 1])
            found.append(Block(language, text, start + 1, number))
            start = None
        elif line.startswith("```"):
            raise Failure(f"{page.name}:{number}: expected ``` with a language, or ``` to close, found '{line}'", 65)
    if start is not None:
        raise Failure(f"{page.name}:{start}: this block is never closed", 65)
    return found


def virtual_environment():
    """The interpreter of the virtual environment, which is made unless it already holds what is required."""
    python = ENVIRONMENT / "bin" / "python"
    stamp = ENVIRONMENT / "requirements.sha256"
    wanted = hashlib.sha256(REQUIREMENTS.read_bytes()).hexdigest()
    if python.exists() and stamp.exists() and stamp.read_text() == wanted:
        return python
    try:
        import ensurepip  # noqa: F401
        import venv
    except ImportError:
        raise Failure("python3 lacks venv or pip; install them (Debian: apt-get install python3-venv)", 69) from None
    print(f"installing {REQUIREMENTS.name} into {ENVIRONMENT}", flush=True)
    try:
        venv.create(ENVIRONMENT, with_pip=True, clear=True)
    except (OSError, subprocess.CalledProcessError) as problem:
        raise Failure(f"cannot make a virtual environment in {ENVIRONMENT}: {problem}", 69) from None
    pip = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--only-binary", ":all:"]
    if subprocess.run([*pip, "-r", REQUIREMENTS], check=False).returncode != 0:
        version = f"{sys.version_info.major}.{sys.version_info.minor}"
        raise Failure(f"pip could not install {REQUIREMENTS.name} for Python {version}; see its message above", 69)
    stamp.write_text(wanted)
    return python


class Session:
    """One run of one notebook: a folder, an environment, an interpreter."""

    def __init__(self, page, folder, pde, python):
        self.folder = folder
        self.output = folder / ".output"
        self.errors = folder / ".errors"
        programs = folder / ".bin"
        programs.mkdir()
        (programs / "pde").symlink_to(pde)
        self.environment = dict(
            os.environ, PATH=f"{programs}{os.pathsep}{os.environ.get('PATH', '')}", MPLBACKEND="Agg",
            MPLCONFIGDIR=str(ENVIRONMENT), DATASETS=str(ROOT / "Datasets"), PYTHONDONTWRITEBYTECODE="1",
        )
        answers, mine = os.pipe()
        with open(self.output, "ab") as output, open(self.errors, "ab") as errors:
            self.interpreter = subprocess.Popen(
                [python, "-c", INTERPRETER, page, str(mine)], stdin=subprocess.PIPE, stdout=output, stderr=errors,
                cwd=folder, env=self.environment, pass_fds=[mine],
            )
        os.close(mine)
        self.answers = os.fdopen(answers)

    def run(self, block):
        """Runs a block; returns whether it succeeded, what it printed, and what it said on stderr."""
        for file in (self.output, self.errors):
            open(file, "w").close()
        succeeded = self._bash(block) if block.language == "bash" else self._python(block)
        return succeeded, self.output.read_text(errors="replace"), self.errors.read_text(errors="replace")

    def _bash(self, block):
        with open(self.output, "a") as output, open(self.errors, "a") as errors:
            return 0 == subprocess.run(
                ["bash", "-euo", "pipefail", "-c", block.text], cwd=self.folder, env=self.environment,
                stdin=subprocess.DEVNULL, stdout=output, stderr=errors, check=False,
            ).returncode

    def _python(self, block):
        text = block.text.encode()
        try:
            self.interpreter.stdin.write(b"%d %d\n%s" % (len(text), block.line, text))
            self.interpreter.stdin.flush()
        except BrokenPipeError:
            return False
        return self.answers.readline() == "done\n"

    def close(self):
        """Ends the interpreter."""
        try:
            self.interpreter.stdin.close()
        except BrokenPipeError:
            pass
        self.interpreter.wait()
        self.answers.close()


def run(page, folder, pde, python):
    """Runs the blocks of a page; returns the new texts of the output blocks, keyed by the block's place."""
    found, outputs, began = blocks(page), {}, time.monotonic()
    executable = [place for place, block in enumerate(found) if block.language != "text"]
    session = Session(page, folder, pde, python)
    try:
        for number, place in enumerate(executable, 1):
            block = found[place]
            print(f"{page.name}: block {number} of {len(executable)} ({block.language}, line {block.line})", end=" ")
            sys.stdout.flush()
            start = time.monotonic()
            succeeded, output, errors = session.run(block)
            print(f"{'done' if succeeded else 'FAILED'} in {time.monotonic() - start:.0f} s", flush=True)
            if not succeeded:
                raise Failure(
                    f"{page.name}: block {number} ({block.language}, line {block.line}) failed; it printed\n"
                    f"{output}{errors}".rstrip(), 1)
            if place + 1 < len(found) and found[place + 1].language == "text":
                outputs[place + 1] = output
    finally:
        session.close()
    print(f"{page.name}: all {len(executable)} blocks ran in {time.monotonic() - began:.0f} s", flush=True)
    return outputs


def update(page, outputs):
    """Replaces the shown outputs of a page by real ones."""
    lines = page.read_text(encoding="utf-8").splitlines()
    found = blocks(page)
    for place in sorted(outputs, reverse=True):
        block = found[place]
        lines[block.line - 1 : block.end - 1] = [line.rstrip() for line in outputs[place].rstrip().splitlines()]
    page.write_text("\n".join(lines) + "\n", encoding="utf-8")


def main():
    """The command."""
    parser = argparse.ArgumentParser(description="Run the notebooks of this folder, block by block.")
    parser.add_argument("pde", type=Path, help="the program")
    parser.add_argument("notebooks", nargs="*", type=Path, help="pages to run (default: all of this folder)")
    parser.add_argument("--update", action="store_true", help="replace the outputs that the pages show by the new ones")
    parser.add_argument("--keep", type=Path, metavar="FOLDER", help="run in this new folder and leave it")
    try:
        arguments = parser.parse_args()
    except SystemExit as end:
        raise SystemExit(64 if end.code else 0) from None
    pde = arguments.pde.resolve()
    if not os.access(pde, os.X_OK) or pde.is_dir():
        raise Failure(f"there is no program '{arguments.pde}'; build it with 'make build'", 66)
    pages = [page.resolve() for page in arguments.notebooks] or sorted(HERE.glob("*.md"))
    for page in pages:
        if not page.is_file():
            raise Failure(f"there is no notebook '{page}'", 66)
    for page in pages:
        blocks(page)
    python = virtual_environment()
    for page in pages:
        with tempfile.TemporaryDirectory(prefix="notebook-") as temporary:
            folder = Path(temporary)
            if arguments.keep:
                folder = arguments.keep.resolve() / page.stem
                folder.mkdir(parents=True)
            outputs = run(page, folder, pde, python)
        if arguments.update:
            update(page, outputs)


if __name__ == "__main__":
    try:
        main()
    except Failure as failure:
        print(f"run.py: {failure}", file=sys.stderr)
        sys.exit(failure.code)
