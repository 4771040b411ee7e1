#!/usr/bin/env python3
"""A configuration with one of its samplers alone, so that each can be a run of its own; without its flow where the sampler has no use for it. Standard library only.

    only_sample.py CONFIG NAME >CONFIG_OF_ONE     NAME: name of the [[sample]], or its sampler where it has none
"""
import re
import sys


def main(path, wanted):
    with open(path, encoding="utf-8") as file:
        tables = re.split(r"^(?=\[)", file.read(), flags=re.MULTILINE)
    kept = []
    for table in tables:
        if not table.startswith("[[sample]]"):
            kept.append(table)
            continue
        names = dict(re.findall(r'^(name|sampler) *= *"([^"]*)"', table, re.MULTILINE))
        if names.get("name", names["sampler"]) == wanted:
            kept.append(table)
    samples = [table for table in kept if table.startswith("[[sample]]")]
    if not samples:
        sys.exit(f"{path}: no [[sample]] is named {wanted}.")
    if not any('"flow"' in table or '"flow-hmc"' in table for table in samples):
        kept = [table for table in kept if not table.startswith(("[flow]", "[train]"))]
    sys.stdout.write("".join(kept))


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    main(sys.argv[1], sys.argv[2])
