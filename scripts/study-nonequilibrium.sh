#!/usr/bin/env bash
# How the variance of ln w of trajectories along a path of actions falls with the number of steps, and whether what is reweighted is right: docs/benchmarks/nonequilibrium.md.
# Takes some half an hour on one core. Sections that are complete are not repeated.   scripts/study-nonequilibrium.sh [FOLDER]     folder of the sections, by default runs/study-nonequilibrium
# With ONLY=NAME one section is made, and the page has those that are there. THREADS=1 leaves the other cores alone.
set -euo pipefail
cd "$(dirname "$0")/.."
studies=${LATTICEFLOW_STUDIES:-}   # a copy of the built program, so that it may be built again meanwhile
if [[ -z $studies ]]; then
    dotnet build -c Release -v quiet --nologo tests/LatticeFlow.Studies >&2
    studies=tests/LatticeFlow.Studies/bin/Release/net10.0/LatticeFlow.Studies.dll
fi
folder=${1:-runs/study-nonequilibrium}
mkdir -p "$folder"
# section NAME [WORDS]: one table, kept when it is complete; by the study "nonequilibrium" unless words say another one.
section() {
    if [[ ! -f $folder/$1.md && ( -z ${ONLY:-} || ${ONLY:-} == "$1" ) ]]; then
        if [[ $# -gt 1 ]]; then words=("${@:2}"); else words=(nonequilibrium "$1" "${THREADS:-0}"); fi
        dotnet "$studies" "${words[@]}" >"$folder/$1.part" || [[ $? == 3 ]]
        mv "$folder/$1.part" "$folder/$1.md"
    fi
    cat "$folder/$1.md" 2>/dev/null || echo "Not made yet: $1."
    echo
}
page=$(mktemp)
trap 'rm -f "$page"' EXIT
{
    echo '# Trajectories out of equilibrium'
    echo
    echo 'Made by `scripts/study-nonequilibrium.sh`. Trajectories along β(s), s = t/n, one heat-bath sweep a step, analysed as `latticeflow analyze` does it. The variance of ln w = −W falls as 1/n where n is large; its errors are those of'
    echo 'Gaussian ln w. Pulls of ln Z/Z₀ are against exact values, of plaquettes against exact values (two dimensions) or an independent heat-bath program (four), both errors in them. "too few": the weights that count are so rare, some 100 e^v'
    echo 'trajectories at a variance v, that the analysis refuses to judge. s: seconds of all trajectories of a line, on a machine that did other things as well.'
    echo
    echo '## SU(3), 16², Haar measure to β = 6'
    echo
    section su3-2d
    echo '## SU(3), 4⁴, Haar measure to β = 1'
    echo
    section su3-4d-beta1
    echo '## SU(3), 4⁴, Haar measure to β = 2'
    echo
    section su3-4d-beta2
    echo '## SU(3), 4⁴, β = 5.5 to 6.0'
    echo
    section su3-4d-5.5-6.0
    echo 'The same law from equilibrium alone: chains of the same heat bath at eleven β, whose 2τ_int of S near the crossover is what costs. The expectation, 2,070/n, is what another program measured with a heat bath of its own; τ_int there depends'
    echo 'on how a sweep updates, which is presumably the difference.'
    echo
    section su3-4d-5.5-6.0-response response
    echo '## SU(3), 4⁴, β = 5.5 to 5.7'
    echo
    section su3-4d-5.5-5.7
    echo '## Stochastic flows of SU(3) in four dimensions'
    echo
    echo 'One sweep of staple couplings before the heat-bath sweep of each step: of plaquettes alone, or of all loops of second order; "none" is annealing with the same sweeps. Coefficients are trained on 4⁴ with ten steps and 64 trajectories in'
    echo 'four iterations of Gauss-Newton on the work of each step, and used unchanged with other numbers of steps and on other lattices. Core seconds are processor time of one thread, with starts and, of chains, thermalization in them.'
    echo
    section stochastic-haar-1 stochastic haar-1 0,1,2 12
    for change in haar-2 5.5-6.0; do section "stochastic-$change" stochastic "$change" 0,1,2 8; done
    section stochastic-6.0-6.2 stochastic 6.0-6.2 0,2 8
    echo 'From β = 6.0 to 6.2 on 12⁴, with plaquettes alone:'
    echo
    section stochastic-12 stochastic 6.0-6.2 0,1 12 12
    echo '## Through a defect: SU(3), β = 6'
    echo
    echo 'From a lattice that is open across L_d³ links to the periodic one. A step is a visit of boxes around the defect, one sweep of that of margin 1 and after it two of that of margin 0, with couplings of the plaquettes of the defect before it'
    echo '(`"defect-coupling"`) or without. They are trained with the first number of steps and 32 trajectories in three iterations, and used unchanged with the other; polynomials are of degree 3 on 4⁴, of degree 1 else. Core seconds of a trajectory have the 12 sweeps of the lattice between two starts in'
    echo 'them. The factor on the variance, about 2, hardly depends on the lattice, as work is done at the defect alone; errors are those of Gaussian ln w.'
    echo
    section defect-4 defect 4 2 8,16 512 -2,-1 boxes 3
    section defect-6 defect 6 3 16 128 -2,-1 boxes 1
    section defect-8 defect 8 2 8,16 128 -2,-1 boxes 1
} >"$page"
cp "$page" docs/benchmarks/nonequilibrium.md
chmod 644 docs/benchmarks/nonequilibrium.md
