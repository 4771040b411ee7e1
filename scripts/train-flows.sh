#!/usr/bin/env bash
# Trains the flows whose checkpoints lie under configs/flows/, and writes them there. The longest, SU(3) at β = 6, took 22 minutes on two cores of an AMD Zen 3 processor (AVX2), beside other work.
#   scripts/train-flows.sh [NAME ...]     names as in configs/flows/NAME_train.toml; all without one
# A run that was interrupted goes on where it stopped. SU(3) at β = 5 starts from the flow of β = 6, U(1) at β = 9 from that of β = 7.
set -euo pipefail
cd "$(dirname "$0")/.."
dotnet build -c Release -v quiet --nologo src/LatticeFlow.Cli
declare -A checkpoints=(
    [su2_2d_L16_beta2.7]=su2_2d_beta2.7
    [su3_2d_L16_beta6]=su3_2d_beta6
    [su3_2d_L16_beta6_continuous]=su3_2d_beta6_continuous
    [su3_2d_L16_beta5]=su3_2d_beta5
    [su3_2d_L16_beta4]=su3_2d_beta4
    [u1_2d_L16_beta7]=u1_2d_beta7
    [u1_2d_L16_beta9]=u1_2d_beta9
    [su3_4d_L4_beta1]=su3_4d_beta1
    [su3_4d_L4_beta2]=su3_4d_beta2
    [su3_4d_defect_beta6.4]=su3_4d_defect_beta6.4
)
names=("$@")
[[ ${#names[@]} -gt 0 ]] || names=(su2_2d_L16_beta2.7 su3_2d_L16_beta6 su3_2d_L16_beta6_continuous su3_2d_L16_beta5 su3_2d_L16_beta4 u1_2d_L16_beta7 u1_2d_L16_beta9 su3_4d_L4_beta1 su3_4d_L4_beta2 su3_4d_defect_beta6.4)
for name in "${names[@]}"; do
    checkpoint=${checkpoints[$name]:?"no flow is called $name"}
    run=runs/${name}_train
    resume=()
    [[ ! -d $run ]] || resume=(--resume)
    nice dotnet src/LatticeFlow.Cli/bin/Release/net10.0/LatticeFlow.Cli.dll train "configs/flows/${name}_train.toml" --run-dir "$run" "${resume[@]}"
    cp "$run/flow/trained.h5" "configs/flows/$checkpoint.h5"
done
