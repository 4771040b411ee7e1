#!/usr/bin/env bash
# Compares the samplers with what they must give: of SU(2) and SU(3) the character expansion in two dimensions, an independent program in four, strong coupling and each other for improved
# actions; of a scalar an independent program and the free propagator. Takes about an hour on two cores and writes docs/benchmarks/samplers.md. A name of a study as argument runs that one alone and prints its table.
set -euo pipefail
cd "$(dirname "$0")/.."
dotnet build -c Release -v quiet --nologo tests/LatticeFlow.Studies >&2
study() { dotnet tests/LatticeFlow.Studies/bin/Release/net10.0/LatticeFlow.Studies.dll "$@"; }
if [[ $# -gt 0 ]]; then study "$@"; exit; fi
page=$(mktemp)
trap 'rm -f "$page"' EXIT
{
    echo '# What the samplers give'
    echo
    echo 'Made by `scripts/study-samplers.sh`. Errors by the Γ-method; a pull is the distance from what is expected in units of both errors. Time is that of two cores, measurements included.'
    echo
    echo '## Two-dimensional tori against the character expansion'
    echo
    study torus
    echo
    echo '## Plaquettes in four dimensions against an independent heat-bath program (16⁴: openQCD and MILC)'
    echo
    study plaquettes
    echo
    echo '## Actions with rectangles against strong coupling, and heat bath against Hamiltonian Monte Carlo'
    echo
    echo 'Strong coupling ends at the fifth order; its "error" is the estimate of what is left out.'
    echo
    study improved
    echo
    echo '## A real scalar against an independent Metropolis program, and without interaction against its propagator'
    echo
    study scalars
} >"$page"
cp "$page" docs/benchmarks/samplers.md
