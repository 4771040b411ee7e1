#!/usr/bin/env bash
# Samples every flow whose checkpoint is committed, corrects its chains, and writes docs/benchmarks/flows.md. Takes hours on two cores, most of them for 65,536 fresh samples on 32×32.
# Runs that are complete are not repeated.   scripts/study-flows.sh [FOLDER]     folder of the runs, by default runs/study-flows
set -euo pipefail
cd "$(dirname "$0")/.."
folder=${1:-runs/study-flows}
dotnet build -c Release -v quiet --nologo src/LatticeFlow.Cli >&2
dotnet build -c Release -v quiet --nologo tests/LatticeFlow.Studies >&2
runs=()
sample() {
    local run=$folder/$1; shift
    runs+=("$run")
    if [[ -f $run/analysis.json ]]; then return; fi
    local resume=()
    [[ ! -d $run ]] || resume=(--resume)
    dotnet src/LatticeFlow.Cli/bin/Release/net10.0/LatticeFlow.Cli.dll run "$@" --run-dir "$run" --quiet "${resume[@]}" >&2 || [[ $? == 3 ]] # Diagnostics that fail are part of what is reported.
}
for name in su2_2d_L16_beta2.7 su3_2d_L16_beta6 su3_2d_L16_beta5 su3_2d_L16_beta4; do
    for extent in 8 16 32; do sample "${name}_on_$extent" "configs/${name}_flow.toml" --set "theory.extents=[$extent,$extent]"; done
done
sample su3_4d_beta1 configs/su3_4d_L4_beta1_flow.toml
sample su3_4d_beta2 configs/su3_4d_L4_beta2_flow.toml
sample u1 configs/u1_2d_L16_beta7_flow.toml
page=$(mktemp)
trap 'rm -f "$page"' EXIT
{
    echo '# What the flows give'
    echo
    echo 'Made by `scripts/study-flows.sh` from the checkpoints under `configs/flows/`, which `scripts/train-flows.sh` makes. The same parameters serve every volume. ESS of 65,536 fresh samples, and, as 1/(⟨w⟩⟨1/w⟩), of'
    echo 'configurations of heat bath, which shows what a flow never proposes; σ are errors from exact values. Times are those of the machine that made the table, all its cores, measurements included. In two dimensions heat bath'
    echo 'decorrelates plaquettes in one or two sweeps and makes more independent ones per second than any flow: what a flow has there is an exact ln Z, and new topological sectors at every step.'
    echo
    dotnet tests/LatticeFlow.Studies/bin/Release/net10.0/LatticeFlow.Studies.dll flows "${runs[@]}"
} >"$page"
cp "$page" docs/benchmarks/flows.md
