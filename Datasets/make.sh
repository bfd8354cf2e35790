#!/bin/sh
# Makes the files of this folder again, the same bytes each time, and writes their checksums.
# Usage: make.sh [--check] [PDE]
#   --check  make them elsewhere and only compare with what is here
#   PDE      the program; default: the release build of this repository
set -eu
here=$(cd "$(dirname "$0")" && pwd)
check=no
if [ "${1:-}" = --check ]; then
  check=yes
  shift
fi
pde=${1:-$here/../.build/release/pde}
if [ ! -x "$pde" ]; then
  echo "make.sh: there is no program '$pde'; build it (make build) or name it: make.sh PDE" >&2
  exit 66
fi
pde=$(cd "$(dirname "$pde")" && pwd)/$(basename "$pde")

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
# The date that the files carry: 2026-11-24, not today.
SOURCE_DATE_EPOCH=1795478400
export SOURCE_DATE_EPOCH
"$pde" gen darcy --samples 512 --grid 29 --oversample 15 -o darcy-small.nc

if [ "$check" = yes ]; then
  cmp darcy-small.nc "$here/darcy-small.nc"
  echo "darcy-small.nc: the same bytes"
else
  sha256sum darcy-small.nc > SHA256SUMS
  cp darcy-small.nc SHA256SUMS "$here"
  cat SHA256SUMS
fi
