#!/usr/bin/env bash
# Samples every flow whose checkpoint is committed, corrects its chains, trains and samples every other architecture, and writes docs/benchmarks/flows.md. Takes some two hours on two cores.
# Runs that are complete are not repeated.   scripts/study-flows.sh [FOLDER]     folder of the runs, by default runs/study-flows
set -euo pipefail
cd "$(dirname "$0")/.."
folder=${1:-runs/study-flows}
dotnet build -c Release -v quiet --nologo src/LatticeFlow.Cli >&2
dotnet build -c Release -v quiet --nologo tests/LatticeFlow.Studies >&2

# sample NAME CONFIG ...: one run, whose name joins `runs`.
sample() {
    local run=$folder/$1; shift
    runs+=("$run")
    if [[ -f $run/analysis.json ]]; then return; fi
    local resume=()
    [[ ! -d $run ]] || resume=(--resume)
    dotnet src/LatticeFlow.Cli/bin/Release/net10.0/LatticeFlow.Cli.dll run "$@" --run-dir "$run" --quiet "${resume[@]}" >&2 || [[ $? == 3 ]] # Diagnostics that fail are part of what is reported.
}
table() { dotnet tests/LatticeFlow.Studies/bin/Release/net10.0/LatticeFlow.Studies.dll flows "${runs[@]}" || [[ $? == 3 ]]; } # A row that is off stays in the table.
page=$(mktemp)
trap 'rm -f "$page"' EXIT
{
    echo '# What the flows give'
    echo
    echo 'Made by `scripts/study-flows.sh` from the checkpoints under `configs/flows/`, which `scripts/train-flows.sh` makes, on' "$(nproc)" 'cores of an' "$(sed -n 's/^model name.*: //p' /proc/cpuinfo | head -1)" 'processor'
    echo "($(grep -o -w -E 'avx512f|avx2' /proc/cpuinfo | sort -u | tr '\n' ' ')in its flags), other work beside it: times are upper limits. ESS of 65,536 fresh samples, and, as 1/(⟨w⟩⟨1/w⟩), of"
    echo 'configurations of heat bath, which shows what a flow never proposes; σ are errors from exact values. Flop are those that drawing a configuration cannot do without (networks and products of matrices); a training step takes four times'
    echo 'those of its batch. In two dimensions heat bath decorrelates plaquettes in one or two sweeps and makes more independent ones per second than any flow: what a flow has there is an exact ln Z, and new topological'
    echo 'sectors at every step.'
    echo
    echo '## The same parameters at every volume'
    echo
    runs=()
    for name in su2_2d_L16_beta2.7 su3_2d_L16_beta6 su3_2d_L16_beta5 su3_2d_L16_beta4; do
        sample "${name}_on_8" "configs/${name}_flow.toml" --set 'theory.extents=[8,8]'
        sample "${name}_on_16" "configs/${name}_flow.toml"
        sample "${name}_on_32" "configs/${name}_flow.toml" --set 'theory.extents=[32,32]'
    done
    sample u1_on_8 configs/u1_2d_L16_beta7_flow.toml --set 'theory.extents=[8,8]'
    sample u1_on_16 configs/u1_2d_L16_beta7_flow.toml
    sample u1_on_32 configs/u1_2d_L16_beta7_flow.toml --set 'theory.extents=[32,32]'
    table
    echo
    echo '## Every architecture'
    echo
    echo 'Trained for some minutes on 8² (multiscale flows on 16², as above), and sampled on 8² and 16² with the same parameters.'
    echo
    runs=()
    for theory in su2_2d_beta2.7 su3_2d_beta6; do
        for kind in plaquettes staples stout; do
            config=configs/flows/architectures/${theory}_$kind.toml
            sample "${theory}_${kind}_on_8" "$config"
            sample "${theory}_${kind}_on_16" "$config" --set 'theory.extents=[16,16]' --set train.steps=0 --set train.warmup=0 --set "flow.checkpoint=\"$folder/${theory}_${kind}_on_8/flow/trained.h5\""
        done
        if [[ -f configs/${theory/2d_/2d_L16_}_continuous_flow.toml ]]; then
            sample "${theory}_continuous_on_8" "configs/${theory/2d_/2d_L16_}_continuous_flow.toml" --set 'theory.extents=[8,8]'
            sample "${theory}_continuous_on_16" "configs/${theory/2d_/2d_L16_}_continuous_flow.toml"
        fi
        sample "${theory/2d_/2d_L16_}_on_8" "configs/${theory/2d_/2d_L16_}_flow.toml" --set 'theory.extents=[8,8]'
        sample "${theory/2d_/2d_L16_}_on_16" "configs/${theory/2d_/2d_L16_}_flow.toml"
    done
    table
    echo
    echo '## The steps of the continuous flow'
    echo
    echo 'SU(3) at β = 6 with loops of up to three plaquettes, trained on 8² in 24 steps; 0.70 were published for this architecture (arXiv:2212.08469). ln|det| is that of the differential equation: what half the step changes in ln w of the same'
    echo 'draws, in double precision, is 7/8 of its error. The mean moves ln Z, the deviation from the mean makes weights wrong, and beyond 0.01 a run is refused. Flop are those that a draw cannot do without, as above; the processor time is of one thread.'
    echo
    for extent in 8 16; do
        dotnet tests/LatticeFlow.Studies/bin/Release/net10.0/LatticeFlow.Studies.dll continuous configs/flows/su3_2d_beta6_continuous.h5 $extent 16384 512 || [[ $? == 3 ]]
    done | awk 'NR < 3 || !/^\| (lattice|---)/'
    echo
    echo '## Four dimensions'
    echo
    echo 'Staple couplings of SU(3), 4⁴. There is no exact ln Z; σ of plaquettes are from heat bath of the same run. The row at β = 5.7 has the parameters of β = 2: no more than what a flow of this kind is there; its chain never leaves what it proposes.'
    echo
    runs=()
    sample su3_4d_beta1 configs/su3_4d_L4_beta1_flow.toml
    sample su3_4d_beta2 configs/su3_4d_L4_beta2_flow.toml
    sample su3_4d_beta5.7 configs/su3_4d_L4_beta2_flow.toml --set theory.action.beta=5.7
    table
} >"$page"
cp "$page" docs/benchmarks/flows.md
