#!/usr/bin/env bash
# How long samplers take to forget the topological charge, where exact values judge them. A name of a section as argument runs that one alone and prints its table; without one all are run, one core and some ten minutes a
# section, and docs/benchmarks/topology.md is written.
set -uo pipefail
cd "$(dirname "$0")/.."
dotnet build -c Release -v quiet --nologo tests/LatticeFlow.Studies >&2 || exit 1
section() { dotnet tests/LatticeFlow.Studies/bin/Release/net10.0/LatticeFlow.Studies.dll topology "$1"; }
if [[ $# -gt 0 ]]; then section "$1"; exit; fi
page=$(mktemp)
trap 'rm -f "$page"' EXIT
{
    echo '# Topological charge: how long samplers take to forget it'
    echo
    echo 'Made by `scripts/study-topology.sh`. One core, eight chains, a minute a sampler. Errors and τ_int by the Γ-method; an independent Q² costs 2 τ_int steps of a chain, and a step of a ladder is one of all its rungs: that is in its'
    echo 'time. A τ_int of the order of the length of a chain is a lower bound, and the error of ⟨Q²⟩ is then too small.'
    echo
    echo '## U(1) in two dimensions, 32²'
    echo
    section u1
} >"$page"
code=$?
cp "$page" docs/benchmarks/topology.md
exit "$code"
