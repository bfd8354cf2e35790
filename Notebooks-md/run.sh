#!/bin/sh
# Runs every notebook of this folder; see run.py.
# Usage: run.sh PDE [--update] [--keep FOLDER] [NOTEBOOK...]
set -eu
here=$(cd "$(dirname "$0")" && pwd)
if ! command -v python3 >/dev/null; then
  echo "run.sh: the notebooks need python3 with venv and pip (Debian: apt-get install python3-venv)" >&2
  exit 69
fi
exec python3 "$here/run.py" "$@"
