"""Reads what LatticeFlow stores: segments, what was measured afterwards, exported files, analyses. Needs h5py and NumPy.

    from latticeflow_reader import Ensemble
    hmc = Ensemble("runs/quickstart", "hmc")
    hmc.series("plaquette")                  # one array a replica, in Monte Carlo order
    for row in hmc.configurations():         # one configuration in memory at a time
        row.replica, row.step, row.links

Hashes are checked before a file is read; verify=False leaves that out.
"""

import hashlib
import json
import pathlib
from collections import namedtuple

import h5py
import numpy as np

Configuration = namedtuple("Configuration", "replica step links")
_CHAIN = ("accepted", "action", "delta_h", "log_q", "log_weight", "reverse_work")


def samples(path):
    """Names of the ensembles of a run, or of a directory made by import."""
    return sorted(folder.name for folder in (pathlib.Path(path) / "ensemble").iterdir() if (folder / "manifest.jsonl").exists())


def analysis(path):
    """analysis.json of a run as dictionaries."""
    return json.loads((pathlib.Path(path) / "analysis.json").read_text(encoding="utf-8"))


def training(path):
    """The training curve of a run: a dictionary of arrays, by the names of metrics.jsonl."""
    steps = [entry for entry in _lines(pathlib.Path(path) / "metrics.jsonl") if entry.get("kind") == "train"]
    names = [name for name, value in (steps[0] if steps else {}).items() if isinstance(value, (int, float))]
    return {name: np.array([step.get(name, np.nan) for step in steps], dtype=float) for name in names}


class Ensemble:
    """One ensemble: of a run or of an import (the sample may be left out where there is one), a folder of segments, or an exported HDF5 file."""

    def __init__(self, path, sample=None, verify=True):
        path = pathlib.Path(path)
        self.verify = verify
        self.sets = []
        if path.is_file():
            self.segments = [(path, None)]
        else:
            if not (path / "manifest.jsonl").exists():
                names = samples(path)
                if sample is None and len(names) != 1:
                    raise ValueError(f"{path} has the samples {', '.join(names)}: name one")
                path = path / "ensemble" / (sample or names[0])
            self.segments = [(path / entry["file"], entry) for entry in _lines(path / "manifest.jsonl")]
            self.sets = _sets(path, [entry for _, entry in self.segments])
        if not self.segments:
            raise ValueError(f"{path} holds no segment yet")
        with self._open(0) as file:
            self.attributes = dict(file.attrs)
            stored = list(file["observables"])
        self.observables = stored + [name for names, _ in self.sets for name in names if name not in stored]
        places = [self._read(i, lambda file: (file["chain/replica"][:], file["chain/step"][:])) for i in range(len(self.segments))]
        replica, step = (np.concatenate(part) for part in zip(*places))
        self.replicas = np.unique(replica)
        self._rows = self._chains(replica, step)
        self.steps = [step[chain] for chain in self._rows]

    def __len__(self):
        return sum(len(chain) for chain in self._rows)

    def series(self, name):
        """A list of arrays, one a replica in the order of its steps: an observable, measured on the way or afterwards, or accepted, action, delta_h, log_q, log_weight, reverse_work."""
        if name in _CHAIN:
            return self._sorted([self._read(i, lambda file: file["chain/" + name][:]) for i in range(len(self.segments))], self._rows)
        if self._read(0, lambda file: name in file["observables"]):
            return self._sorted([self._read(i, lambda file: file["observables/" + name][:]) for i in range(len(self.segments))], self._rows)
        replica, step, values = self._measured(name)
        return self._sorted([values], self._chains(replica, step))

    def steps_of(self, name):
        """The steps that belong to series(name): all of them, or those of stored configurations where not every one is and the observable was measured afterwards."""
        if name in _CHAIN or self._read(0, lambda file: name in file["observables"]):
            return self.steps
        replica, step, _ = self._measured(name)
        return self._sorted([step], self._chains(replica, step))

    def padded(self, name):
        """The same as one array [replica, draw, ...]; replicas that end earlier are filled up with NaN."""
        series = self.series(name)
        draws = max(len(chain) for chain in series)
        array = np.full((len(series), draws) + series[0].shape[1:], np.nan)
        for chain, values in zip(array, series):
            chain[: len(values)] = values
        return array

    def configurations(self):
        """The configurations that are stored, in their order, one in memory at a time: U(1) angles, SU(N) complex matrices, a real field."""
        for i in range(len(self.segments)):
            with self._open(i) as file:
                replica, step = file["chain/replica"][:], file["chain/step"][:]
                rows = np.flatnonzero(file["chain/stored"][:]) if "stored" in file["chain"] else np.arange(len(step))
                for number, row in enumerate(rows):
                    yield Configuration(int(replica[row]), int(step[row]), _whole(file["links" if "links" in file else "field"][number]))

    def _measured(self, name):
        """Replica, step and values of what was measured afterwards."""
        for names, files in self.sets:
            if name in names:
                parts = []
                for path, entry in files:
                    with self._checked(path, entry) as file:
                        if "chain" in file:
                            parts.append((file["chain/replica"][:], file["chain/step"][:], file["observables/" + name][:]))
                return tuple(np.concatenate(part) for part in zip(*parts))
        raise KeyError(f"{name} is none of {', '.join(self.observables)}")

    def _chains(self, replica, step):
        rows = [np.flatnonzero(replica == number) for number in self.replicas]
        return [chain[np.argsort(step[chain], kind="stable")] for chain in rows]

    @staticmethod
    def _sorted(parts, rows):
        column = np.concatenate(parts)
        return [column[chain] for chain in rows]

    def _read(self, i, what):
        with self._open(i) as file:
            return what(file)

    def _open(self, i):
        return self._checked(*self.segments[i])

    def _checked(self, path, entry):
        if self.verify and entry is not None and not entry.get("checked"):
            digest = hashlib.sha256()
            with open(path, "rb") as stream:
                while block := stream.read(1 << 20):
                    digest.update(block)
            if digest.hexdigest() != entry["sha256"]:
                raise ValueError(f"{path} does not have the SHA-256 that its manifest says")
            entry["checked"] = True
        return h5py.File(path, "r")


def _whole(links):
    """SU(3) matrices of which two rows are stored, with the third."""
    if links.ndim < 2 or links.shape[-2:] != (2, 3) or not np.iscomplexobj(links):
        return links
    third = np.conj(np.cross(links[..., 0, :], links[..., 1, :]))
    return np.concatenate([links, third[..., None, :]], axis=-2)


def _sets(path, segments):
    """Complete sets of what was measured afterwards: names, and a file a segment."""
    complete = []
    for folder in sorted((path / "measurements").glob("set-*")):
        if not (folder / "set.json").exists():
            continue
        names = json.loads((folder / "set.json").read_text(encoding="utf-8"))["observables"]
        entries = {entry["segment_sha256"]: (folder / entry["file"], entry) for entry in _lines(folder / "manifest.jsonl")}
        if all(segment["sha256"] in entries for segment in segments):
            complete.append((names, [entries[segment["sha256"]] for segment in segments]))
    return complete


def _lines(path):
    """The whole lines of a JSON Lines file; a last one without newline is being written, or was cut off."""
    if not path.exists():
        return []
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines(keepends=True) if line.endswith("\n")]
