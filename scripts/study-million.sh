#!/usr/bin/env bash
# Draws a million configurations of U(1) on 4², of which only the observables are stored, and analyses them; and analyses a text file of a million lines of ten columns: time and the largest resident set of both (needs GNU time and awk).   scripts/study-million.sh [FOLDER]     by default runs/study-million
set -euo pipefail
cd "$(dirname "$0")/.."
folder=${1:-runs/study-million}
dotnet build -c Release -v quiet --nologo src/LatticeFlow.Cli >&2
cli=src/LatticeFlow.Cli/bin/Release/net10.0/LatticeFlow.Cli.dll
mkdir -p "$folder"
cat >"$folder/million.toml" <<'TOML'
[run]
name = "million"
device = "cpu"
seed = 5
[theory]
extents = [4, 4]
action = { kind = "wilson", beta = 1.5 }
[[sample]]
sampler = "heatbath"
configurations = 1000000
replicas = 16
thermalization = 100
segment = 65536
store = "observables"
[analyze]
observables = ["plaquette", "topological_charge", "topological_charge_squared", "wilson_loop_1x2", "wilson_loop_2x2", "polyakov_re", "polyakov_abs", "clover_energy"]
TOML
[[ -d $folder/run ]] || dotnet "$cli" sample "$folder/million.toml" --run-dir "$folder/run" --quiet >/dev/null
/usr/bin/time -f 'analyze: %e s, largest resident set %M kB' dotnet "$cli" analyze "$folder/run" --quiet
[[ -f $folder/million.txt ]] || awk 'BEGIN { srand(1); for (i = 0; i < 1000000; i++) { line = ""; for (c = 0; c < 10; c++) { x[c] = 0.8 * x[c] + rand() - 0.5; line = line " " x[c] } print line } }' >"$folder/million.txt"
/usr/bin/time -f 'analyze, text: %e s, largest resident set %M kB' dotnet "$cli" analyze "$folder/million.txt" --quiet
