#!/usr/bin/env bash
# Coverage-guided fuzzing of our own parsers with the address sanitizer: run.sh [RUNS] [PARSER ...]; RUNS is 100000 by default.
# What reaches new code is kept in a working folder; KEEP=1 adds what the committed corpus lacks to it.
set -euo pipefail
cd "$(dirname "$0")/../.."
runs="${1:-100000}"
shift || true
scratch="${PDE_FUZZ_BUILD:-.build/fuzz}"
# Of several sanitizers the compiler takes the last, and their order changes from run to run: both are said once more.
SWIFT_DETERMINISTIC_HASHING=1 PDE_FUZZ=1 swift build -c release --sanitize address --sanitize fuzzer \
  -Xswiftc -sanitize=address,fuzzer --product Fuzz --scratch-path "$scratch"
work=$(mktemp -d)
trap 'rm -rf "$work" /dev/shm/pde-fuzz-*' EXIT
for parser in ${@:-safetensors torch mat toml}; do
  corpus="Tests/Fuzz/corpus/$parser"
  mkdir -p "$work/$parser" "$corpus"
  echo "$parser: $runs inputs"
  ASAN_OPTIONS=detect_leaks=0:allocator_may_return_null=1 PDE_FUZZ_PARSER="$parser" \
    "$scratch/release/Fuzz" "$work/$parser" "$corpus" -runs="$runs" -max_len=4096 -timeout=2 -rss_limit_mb=1024 \
    -seed=1 -use_value_profile=1 -artifact_prefix="$work/" 2>"$work/log" || {
      cat "$work/log"
      mkdir -p Tests/Fuzz/findings
      cp "$work"/crash-* "$work"/timeout-* "$work"/oom-* Tests/Fuzz/findings/ 2>/dev/null || true
      echo "$parser: a finding, see Tests/Fuzz/findings" >&2
      exit 1
    }
  # A build whose code tells nothing of its coverage would find nothing either.
  grep -q 'DONE *cov: ' "$work/log" || { tail -n 3 "$work/log"; echo "$parser: no coverage was seen" >&2; exit 1; }
  [ -z "${KEEP:-}" ] || PDE_FUZZ_PARSER="$parser" ASAN_OPTIONS=detect_leaks=0 \
    "$scratch/release/Fuzz" -merge=1 "$corpus" "$work/$parser" -verbosity=0 2>/dev/null
done
echo "no finding"
