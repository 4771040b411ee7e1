#!/usr/bin/env bash
# Unpacks ptxas, the assembler of the CUDA toolkit, from Debian 12's non-free package; nothing is installed. Nothing when it is there.
# Prints its path below $LATTICEFLOW_CACHE/cuda, by default ~/.cache/latticeflow/cuda.
set -euo pipefail
cache=${LATTICEFLOW_CACHE:-$HOME/.cache/latticeflow}
folder=$cache/cuda
ptxas=$folder/usr/bin/ptxas

if [[ ! -x $ptxas ]]; then
    apt=$folder/apt
    mkdir -p "$apt"/{lists/partial,archives/partial}
    # A list of sources of its own, so that the machine's stays as it is.
    echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] http://deb.debian.org/debian bookworm main contrib non-free" >"$apt/sources.list"
    options=(-o "Dir::Etc::SourceList=$apt/sources.list" -o Dir::Etc::SourceParts=/dev/null
             -o "Dir::State::Lists=$apt/lists" -o "Dir::Cache=$apt" -o APT::Sandbox::User=root)
    {
        apt-get -q "${options[@]}" update
        cd "$apt/archives"
        apt-get -q "${options[@]}" download nvidia-cuda-toolkit
        dpkg-deb --fsys-tarfile nvidia-cuda-toolkit_*.deb | tar -x -C "$folder" ./usr/bin/ptxas
        rm -rf "$apt"
    } >&2
fi
[[ -x $ptxas ]] || { echo "fetch-ptxas: the package holds no ptxas" >&2; exit 2; }
echo "$ptxas"
