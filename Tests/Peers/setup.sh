#!/usr/bin/env bash
# Makes the virtual environment of the opponents from PyPI: setup.sh [DIRECTORY]; afterwards
#   DIRECTORY/bin/python Tests/Peers/compare.py
# PIP_ARGS may name an index of CPU-only wheels of PyTorch, which are much smaller.
set -euo pipefail
here="$(cd "$(dirname "$0")" && pwd)"
environment="${1:-$here/environment}"
[ -x "$environment/bin/python" ] || python3 -m venv "$environment"
"$environment/bin/python" -m pip install ${PIP_ARGS:-} -r "$here/requirements.txt"
