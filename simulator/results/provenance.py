"""What a data set says of itself: everything that is needed to run it again and to trust it."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from simulator.model.balances import Ledger
from simulator.reading.resolution import Resolved
from simulator.version import code_version


def attributes(
    resolved: Resolved,
    settings: Mapping[str, Any],
    ledger: Ledger,
    remarks: Sequence[tuple[str, str]] = (),
) -> dict[str, str]:
    """Attributes of a run; no times and no names of machines, so that equal runs are equal.

    Parameters
    ----------
    resolved
        The scenario that was run.
    settings
        Method and tolerances of the solver.
    ledger
        Largest residual of each conservation law.
    remarks
        What a reader of the results should know beside the warnings of the scenario, in
        English and Chinese; the warnings have the English.
    """
    return {
        "Conventions": "CF-1.11",
        "scenario": resolved.name,
        "label_en": resolved.label.en,
        "label_zh": resolved.label.zh,
        "scenario_yaml": resolved.yaml,
        "scenario_hash": resolved.digest,
        "code_version": code_version(),
        "solver": _json(dict(settings)),
        "ledger": _json({name: item.relative for name, item in ledger.items()}),
        "roadmap": resolved.roadmap,
        "warnings": _json([*resolved.warnings, *(english for english, _ in remarks)]),
        "remarks": _json([list(pair) for pair in remarks]),
        "inactive": _json(list(resolved.inactive)),
    }


def _json(content: object) -> str:
    return json.dumps(content, ensure_ascii=False, sort_keys=True)
