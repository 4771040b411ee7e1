#!/usr/bin/env bash
# What an independent Q² costs, by sampler, where the topological charge is frozen: U(1) on 32², whose ⟨Q²⟩ is exact, and SU(3) on 14⁴: docs/benchmarks/topology.md. Ten minutes a β of U(1) on one idle core; a night a β of SU(3) on sixteen.
# Runs that are complete are not repeated, and those that were interrupted go on.     scripts/study-topology.sh [FOLDER]     folder of the runs, by default runs/study-topology
# With ONLY=u1-7, u1-9, su3-6.0 or su3-6.2 one run is made, and the page has those that are there.
set -euo pipefail
cd "$(dirname "$0")/.."
folder=${1:-runs/study-topology}
cli=${LATTICEFLOW:-src/LatticeFlow.Cli/bin/Release/net10.0/LatticeFlow.Cli.dll}   # another build of the program, so that this one may change meanwhile
[[ -n ${LATTICEFLOW:-} ]] || dotnet build -c Release -v quiet --nologo src/LatticeFlow.Cli >&2
# section NAME LINKS CONFIG SET...: runs what is not complete, and prints its table.
section() {
    local run=$folder/$1 set=() resume=()
    for value in "${@:4}"; do set+=(--set "$value"); done
    [[ ! -d $run ]] || resume=(--resume)
    if [[ ! -f $run/analysis.json && ( -z ${ONLY:-} || ${ONLY:-} == "$1" ) ]]; then
        dotnet "$cli" run "$3" "${set[@]}" --run-dir "$run" --quiet "${resume[@]}" >/dev/null || [[ $? == 3 ]]
    fi
    if [[ -f $run/analysis.json ]]; then python3 scripts/python/topology_table.py "$run/analysis.json" "$2"; else echo 'Not made yet.'; fi
    echo
}
page=$(mktemp)
trap 'rm -f "$page"' EXIT
{
    echo '# Topological charge: what an independent Q² costs'
    echo
    echo 'Made by `scripts/study-topology.sh`. Errors and τ_int by the Γ-method, of weighted rows with what the weights cost. *An independent one*: the cost of 2 τ_int rows (of weighted rows as many as have the error of one independent'
    echo 'configuration), thermalization, measurements and training included ([conventions.md](../conventions.md#cost)): sweeps of the lattice are links of heat bath, overrelaxation and force over those of the lattice, of all rungs; seconds are wall'
    echo 'time. ≥: the chain is too short for its own τ_int, or has not mixed, as the program says (exit code 3): bounds from below, and errors that are too small.'
    for beta in 7 9; do
        echo
        echo "## U(1) in two dimensions, 32², β = $beta"
        echo
        echo 'From `configs/u1_2d_L32_topology.toml`. A row is a transition of eight chains that are started hot; HMC, microcanonical Monte Carlo and heat bath keep what instantons they find there. *flow*: proposals of a trained flow, each followed by'
        echo 'heat bath, with the minutes of its training in the seconds; *boundary*: a ladder of 8 rungs; *defect*: trajectories of 50 steps that close six open links. Pulls are against exact values.'
        echo
        section "u1-$beta" 2048 configs/u1_2d_L32_topology.toml "theory.action.beta=$beta.0" "flow.checkpoint=configs/flows/u1_2d_beta$beta.h5" run.threads=1
    done
    for beta in 6.0 6.2; do
        echo "## SU(3) in four dimensions, 14⁴, β = $beta"
        echo
        echo 'From `configs/su3_4d_L14_topology.toml`. Q is the clover charge at flow time t = a². *boundary*: a ladder of 12 rungs; *defect*: trajectories of 400 steps in boxes around an opening of 3³ links. Measuring is in the seconds, not in the operations.'
        echo
        section "su3-$beta" 153664 configs/su3_4d_L14_topology.toml "theory.action.beta=$beta"
    done
    echo "Processor: $(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -1)."
} >"$page"
cp "$page" docs/benchmarks/topology.md
chmod 644 docs/benchmarks/topology.md
