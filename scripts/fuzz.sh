#!/bin/sh
# Thousands of damaged files for every reader: all tests of the category Fuzz with N times their usual number of mutants (10 unless given).
# usage: scripts/fuzz.sh [N] [words for dotnet test, such as --filter FullyQualifiedName~GaugeFileFuzz]
set -eu
cd "$(dirname "$0")/.."
factor="${1:-10}"
case "$factor" in
    '' | *[!0-9]*) echo "usage: scripts/fuzz.sh [N] [words for dotnet test]; N is a whole number" >&2; exit 2 ;;
esac
[ $# -gt 0 ] && shift
[ $# -gt 0 ] || set -- --filter Category=Fuzz
LATTICEFLOW_FUZZ_MUTANTS="$factor" exec dotnet test -c Release tests/LatticeFlow.Tests "$@"
