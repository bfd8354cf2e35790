#!/bin/sh
# Files of every kind, opened by the programs that the field uses; a warning is a failure.
# Usage: files.sh PDE PYTHON; PYTHON has netCDF4, xarray and compliance-checker, and ncdump, CDO and NCO are in the path.
set -eu
pde=$1
python=$2
here=$(cd "$(dirname "$0")" && pwd)
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"

"$pde" gen darcy --samples 24 --grid 11 --oversample 2 --quiet
"$pde" gen darcy --samples 2 --grid 9x7 --oversample 2 --double --source gaussian --quiet -o double.nc
"$pde" gen navier-stokes --samples 3 --grid 16 --velocity --stability --quiet
"$pde" train fno-deq --width 4 --modes 3 --epochs 2 --validation 4 --test 4 --batch 4 --quiet
"$pde" predict runs/fno-deq --quiet
"$pde" compare runs/fno-deq --samples 2 --quiet > comparison.txt
files="darcy.nc double.nc navier-stokes.nc prediction.nc compare.nc"

# silent COMMAND...: what it says on stderr is a fault, as are a status and, on stdout, a warning.
silent() {
  "$@" > out.txt 2> err.txt || { echo "$*: failed" >&2; cat err.txt >&2; exit 1; }
  if [ -s err.txt ] || grep -E 'WARNING|Warning:|ERROR|Error:' out.txt > found.txt; then
    echo "$*: warns" >&2; cat err.txt found.txt >&2; exit 1
  fi
}

for file in $files; do
  silent ncdump "$file"
  silent cdo -s sinfo "$file"
  silent cdo -s infon "$file"
  silent ncks "$file"
  silent ncks -O "$file" copy.nc
  # It announces itself on stderr; with these criteria its status tells of warnings too.
  "$(dirname "$python")/compliance-checker" --test=cf:1.8 --criteria strict "$file" > out.txt 2>&1 || {
    cat out.txt >&2; exit 1
  }
done
echo "ncdump, CDO, NCO and the CF checker: no warnings"
"$python" "$here/files.py" "$pde" $files
