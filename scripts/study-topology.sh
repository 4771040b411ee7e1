#!/usr/bin/env bash
# What an independent Q² costs, by sampler, where the topological charge is frozen: U(1) on 32², whose ⟨Q²⟩ is exact, and SU(3) on 14⁴: docs/benchmarks/topology.md. Ten minutes a β of U(1) on one idle core; two to three hours a β of SU(3).
# Runs that are complete are not repeated, and those that were interrupted go on.     scripts/study-topology.sh [FOLDER]     folder of the runs, by default runs/study-topology
# With ONLY=u1-7, u1-9, su3-6.0-SAMPLER or su3-6.4-SAMPLER, as su3-6.4-defect, one run is made, and the page has those that are there.
set -euo pipefail
cd "$(dirname "$0")/.."
folder=${1:-runs/study-topology}
cli=${LATTICEFLOW:-src/LatticeFlow.Cli/bin/Release/net10.0/LatticeFlow.Cli.dll}   # another build of the program, so that this one may change meanwhile
[[ -n ${LATTICEFLOW:-} ]] || dotnet build -c Release -v quiet --nologo src/LatticeFlow.Cli >&2
page=$(mktemp)
one=$(mktemp --suffix=.toml)
trap 'rm -f "$page" "$one"' EXIT
# complete RUN CONFIG SET...: the run, if it is not complete.
complete() {
    local run=$folder/$1 set=() resume=()
    for value in "${@:3}"; do set+=(--set "$value"); done
    [[ ! -d $run ]] || resume=(--resume)
    if [[ ! -f $run/analysis.json && ( -z ${ONLY:-} || ${ONLY:-} == "$1" ) ]]; then
        dotnet "$cli" run "$2" "${set[@]}" --run-dir "$run" --quiet "${resume[@]}" >/dev/null || [[ $? == 3 ]]
    fi
}
# without DISCARD RUN: its analysis, without so many of the first rows of each replica.
without() {
    if [[ -f $folder/$2/analysis.json && ( -z ${ONLY:-} || ${ONLY:-} == "$2" ) ]]; then
        dotnet "$cli" analyze "$folder/$2" --discard "$1" --quiet >/dev/null || [[ $? == 3 ]]
    fi
}
# table LINKS RUN...: of the runs that are there.
table() {
    local there=() missing=''
    for run in "${@:2}"; do if [[ -f $folder/$run/analysis.json ]]; then there+=("$folder/$run/analysis.json"); else missing+=" $run"; fi; done
    [[ ${#there[@]} == 0 ]] || python3 scripts/python/topology_table.py "$1" "${there[@]}"
    [[ -z $missing ]] || { echo; echo "Not made yet:$missing."; }
    echo
}
# sampler RUN NAME SET...: SU(3) with one sampler of its configuration, a run of its own.
sampler() {
    python3 scripts/python/only_sample.py configs/su3_4d_L14_topology.toml "$2" >"$one"
    complete "$1" "$one" run.threads=1 "${@:3}"
}
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
        complete "u1-$beta" configs/u1_2d_L32_topology.toml "theory.action.beta=$beta.0" "flow.checkpoint=configs/flows/u1_2d_beta$beta.h5" run.threads=1
        table 2048 "u1-$beta"
    done
    echo '## SU(3) in four dimensions, 14⁴, β = 6.0'
    echo
    echo 'From `configs/su3_4d_L14_topology.toml` with fewer sweeps between rows, and Q measured at flow times t = a² (this table) and 3 a², about t₀. The box is 1.3 fm wide. *boundary*: a ladder of 16 rungs; *defect*: trajectories of 500'
    echo 'steps in boxes around an opening of 3³ links. Measuring is in the seconds, not in the operations.'
    echo
    flowed='analyze.observables=["plaquette","clover_charge_flow1","clover_charge_flow3","flow_energy_4"]'
    sampler su3-6.0-heatbath heatbath theory.action.beta=6.0 "$flowed" sample.heatbath.stride=20 sample.heatbath.configurations=200 sample.heatbath.thermalization=200
    sampler su3-6.0-defect defect theory.action.beta=6.0 "$flowed" sample.defect.transitions=5 sample.defect.steps=500 sample.defect.thermalization=30 sample.defect.configurations=240
    sampler su3-6.0-boundary boundary theory.action.beta=6.0 "$flowed" sample.boundary.configurations=100
    table 153664 su3-6.0-{heatbath,defect,boundary}
    there=()
    for name in heatbath defect boundary; do [[ ! -f $folder/su3-6.0-$name/analysis.json ]] || there+=("$folder/su3-6.0-$name/analysis.json"); done
    [[ ${#there[@]} == 0 ]] || { python3 scripts/python/susceptibility_table.py 3 "${there[@]}"; echo; }
    echo '## SU(3) in four dimensions, 14⁴, β = 6.4'
    echo
    echo 'From `configs/su3_4d_L14_topology.toml`. The box is 0.7 fm wide: ⟨Q²⟩ is that of this box, and not of a large volume. *mapped*: the defect with trained couplings, in 320 steps in the place of 800. A charge that never left its sector in N rows has'
    echo 'τ_int ≥ p N/3 at 95 % confidence, p the probability of other sectors that the others find. Hot starts leave charges in every lattice, which go as slowly as charges go here: of *boundary* half of the rows are left out for that, of *defect* and'
    echo '*mapped* the first 20 and 15 of each chain.'
    echo
    sampler su3-6.4-heatbath heatbath
    sampler su3-6.4-hmc hmc sample.hmc.configurations=80 sample.hmc.thermalization=40
    sampler su3-6.4-boundary boundary sample.boundary.configurations=240 sample.boundary.thermalization=30
    sampler su3-6.4-defect defect
    sampler su3-6.4-mapped mapped sample.mapped.configurations=320 sample.mapped.thermalization=20
    without 120 su3-6.4-boundary
    without 20 su3-6.4-defect
    without 15 su3-6.4-mapped
    table 153664 su3-6.4-{heatbath,hmc,boundary,defect,mapped}
    echo 'The rows of SU(3) were made beside other work: wall time differs by up to a factor of two for the same operations, so that sweeps and Gflop compare samplers, and seconds only roughly.'
    echo
    echo "Processor: $(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -1)."
} >"$page"
cp "$page" docs/benchmarks/topology.md
chmod 644 docs/benchmarks/topology.md
