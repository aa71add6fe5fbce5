#!/usr/bin/env bash
# Fuzzes every fuzz target of the module for a while, one after the other:
# fuzz.sh [TIME], such as 5s (the default), 10m, or 5000x for so many inputs.
set -euo pipefail
cd "$(dirname "$0")/.."
export CGO_ENABLED=0

time=${1:-5s}
found=0
while IFS=: read -r file target; do
  found=$((found + 1))
  folder=./$(dirname "$file")
  echo "fuzz $folder $target"
  go test -tags ci -run '^$' -fuzz "^$target\$" -fuzztime "$time" -fuzzminimizetime 10s "$folder"
done < <(git ls-files '*_test.go' | xargs grep -HoE '^func Fuzz[A-Za-z0-9_]*' | sed 's/func //' | sort)
[ "$found" -gt 0 ] || { echo "fuzz: found no fuzz target" >&2; exit 1; }
echo "fuzzed $found targets for $time each"
