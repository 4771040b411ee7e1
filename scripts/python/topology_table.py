#!/usr/bin/env python3
"""What an independent Q² costs, by sampler: a table in Markdown from the analysis.json of a run, or of several. Standard library only.

    topology_table.py LINKS RUN/analysis.json...     LINKS: links of the lattice

Of a sampler whose charge never left its sector in N rows, λ the rate of relaxation and p the probability of other sectors that the others find, λ p N events were to be expected; none of them at 95 % is τ ≥ p N / 3.
"""
import json
import math
import sys


def value(mean, error):
    """mean(error), the error with two digits in units of the last ones shown."""
    if error is None or not math.isfinite(error) or error <= 0:
        return f"{mean:.4g}"
    places = max(0, 1 - math.floor(math.log10(error)))
    return f"{mean:.{places}f}({error:.{places}f})" if error >= 1 else f"{mean:.{places}f}({round(error * 10**places)})"


def gain(reference, seconds, warned):
    """How much less than the heat bath: a bound where one of both is only bounded, and nothing where both are."""
    ratio = f"{reference[0] / seconds:.3g}"
    return "–" if reference[1] and warned else f"≥ {ratio}" if reference[1] else f"≤ {ratio}" if warned else ratio


def square(observables):
    """The name of Q², or of Q²/V."""
    return next(name for name in observables if name == "topological_charge_squared" or name.startswith("clover_susceptibility"))


def main(links, paths):
    ensembles = {}
    for path in paths:
        with open(path, encoding="utf-8") as file:
            ensembles |= json.load(file)["ensembles"]
    still = {name for name, ensemble in ensembles.items() if any("no change of the topological sector" in text for text in ensemble.get("warnings", []))}
    # Q² is hardly ever above 1 where a charge stands still, and then ⟨Q²⟩ is the probability of other sectors. Samplers count by their independent rows: errors of rare visits are as uncertain as these.
    moving = []
    for name, ensemble in ensembles.items():
        key = square(ensemble["observables"])
        worth = (ensemble.get("cost") or {}).get("independent", {}).get(key)
        if name not in still and worth and not key.endswith("squared"):
            moving.append((worth["configurations"], ensemble["observables"][key]["mean"] * links / 4))
    others = sum(count * mean for count, mean in moving) / sum(count for count, _ in moving) if still and moving else 0
    rows, reference = [], None
    for name, ensemble in ensembles.items():
        observables = ensemble["observables"]
        key = square(observables)
        charge, plaquette, cost = observables[key], observables["plaquette"], ensemble.get("cost") or {}
        share = cost.get("independent", {}).get(key)
        known = charge.get("warnings", []) + ensemble.get("warnings", [])
        warned = any(phrase in text for text in known for phrase in ("fewer than 50", "died out", "not mixed", "rho is still", "times the slowest mode", "cannot be judged", "of the sum"))
        sweeps = sum(share["elements"].get(kind, 0) for kind in ("heat_bath", "overrelaxation", "force")) / links if share else None
        if name in still and not (others and cost):
            share = None
        elif name in still:
            charge = charge | {"tau_int": min(1, others) * ensemble["configurations"] / 3, "tau_int_error": None}
            factor = 2 * charge["tau_int"] / ensemble["configurations"]
            share = {"seconds": factor * cost["seconds"], "flops": factor * (cost["flops"] or 0), "elements": {kind: factor * links_of for kind, links_of in cost["elements"].items()}}
            sweeps, warned = sum(share["elements"].get(kind, 0) for kind in ("heat_bath", "overrelaxation", "force")) / links, True
        if name == "heatbath" and share:
            reference = (share["seconds"], warned)
        rows.append((name, charge, plaquette, share, sweeps, warned, cost))
    print("| sampler | rows | Q² | pull | τ_int, rows | an independent one: sweeps of the lattice | Gflop | seconds | gain over heat bath | plaquette | pull |")
    print("|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|")
    for name, charge, plaquette, share, sweeps, warned, cost in rows:
        bound = "≥ " if warned else ""
        known = share is not None
        print("| " + " | ".join([
            name,
            str(ensembles[name]["configurations"]),
            value(*(charge[part] * (1 if square(ensembles[name]["observables"]).endswith("squared") else links / 4) for part in ("mean", "error"))),
            f"{charge['pull']:+.1f}" if charge.get("pull") is not None else "–",
            bound + value(charge["tau_int"], charge["tau_int_error"]) if known else "never changed" if cost else "not recorded",
            f"{bound}{sweeps:.3g}" if known else "–",
            f"{bound}{share['flops'] / 1e9:.3g}" if known and share.get("flops") else "–",
            f"{bound}{share['seconds']:.3g}" if known else "–",
            gain(reference, share["seconds"], warned) if known and reference else "–",
            value(plaquette["mean"], plaquette["error"]),
            f"{plaquette['pull']:+.1f}" if plaquette.get("pull") is not None else "–",
        ]) + " |")


if __name__ == "__main__":
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    main(int(sys.argv[1]), sys.argv[2:])
