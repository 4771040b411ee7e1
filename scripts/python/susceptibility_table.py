#!/usr/bin/env python3
"""t0² χ of SU(3) by sampler: a table in Markdown from the analysis.json of several runs, beside the continuum value. Standard library only.

    susceptibility_table.py T RUN/analysis.json...     T: the flow time at which Q was measured

χ is ⟨Q²⟩/V; t0 is the weighted mean of all runs, whose error is far below that of χ. In the mean of χ samplers count by their independent rows, as errors of a few visits to large charges are as uncertain as these.
"""
import json
import math
import sys

from topology_table import value

# M. Cè, C. Consonni, G. P. Engel, L. Giusti, Phys. Rev. D 92 (2015) 074502.
PUBLISHED = (6.67e-4, 0.07e-4)


def mean(values):
    """Weighted mean of (value, error) and its error."""
    weights = [1 / error**2 for _, error in values]
    return sum(w * v for w, (v, _) in zip(weights, values)) / sum(weights), 1 / math.sqrt(sum(weights))


def line(name, one, t0):
    scaled = tuple(1e4 * t0**2 * x for x in one)
    pull = (scaled[0] - 1e4 * PUBLISHED[0]) / math.hypot(scaled[1], 1e4 * PUBLISHED[1])
    print(f"| {name} | {value(one[0] * 1e5, one[1] * 1e5)} | {value(*scaled)} | {pull:+.1f} |")


def main(time, paths):
    rows, scales = [], []
    for path in paths:
        with open(path, encoding="utf-8") as file:
            for name, ensemble in json.load(file)["ensembles"].items():
                observables = ensemble["observables"]
                key = f"clover_susceptibility_flow{time}"
                rows.append((name, tuple(observables[key][part] for part in ("mean", "error")), ensemble["cost"]["independent"][key]["configurations"]))
                scales.append(tuple(observables["flow_t0"][key] for key in ("mean", "error")))
    t0 = mean(scales)
    print(f"t₀/a² = {value(*t0)}. Q at flow time {time} a².")
    print()
    print("| sampler | 10⁵ a⁴ χ | 10⁴ t₀² χ | pull |")
    print("|---|---:|---:|---:|")
    for name, one, _ in rows:
        line(name, one, t0[0])
    count = sum(worth for *_, worth in rows)
    together = sum(worth * one[0] for _, one, worth in rows) / count, math.sqrt(sum((worth * one[1]) ** 2 for _, one, worth in rows)) / count
    line("all", together, t0[0])
    print()
    squared = sum(((one[0] - together[0]) / one[1]) ** 2 for _, one, _ in rows)
    print(f"χ² of the samplers about their mean: {squared:.1f} for {len(rows) - 1} degrees of freedom. In the continuum 10⁴ t₀² χ = 6.67(7).")


if __name__ == "__main__":
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    main(sys.argv[1], sys.argv[2:])
