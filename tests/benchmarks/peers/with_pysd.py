"""PySD: the model as a Vensim file, translated and run by PySD.

With subscripts, as one would write it, or with ``--scalar`` as one equation for each number,
which spares PySD its labelled arrays.
"""

import sys
import tempfile
import warnings
from pathlib import Path

import numpy as np

from tests.benchmarks.peers.chain import END, EULER_STEP, numbers, scenario
from tests.benchmarks.peers.measuring import Measuring
from tests.benchmarks.peers.vensim import scalar, scalar_stocks, subscripted


def main() -> None:
    """Measure."""
    warnings.simplefilter("ignore")
    flat = "--scalar" in sys.argv
    if flat:
        sys.argv.remove("--scalar")
    name = "scalar" if flat else "subscripts"
    measuring = Measuring(f"PySD, {name}", "Euler", EULER_STEP)
    import pysd  # noqa: PLC0415 - may be missing, and is measured apart

    stocks = scalar_stocks() if flat else ["capacity", "experience"]
    with tempfile.TemporaryDirectory() as folder, measuring.ready():
        file = Path(folder) / "chain.mdl"
        file.write_text((scalar if flat else subscripted)(numbers()), encoding="utf-8")
        model = pysd.read_vensim(str(file))

        def run(place: int, _: int = 1) -> list[float]:
            chosen = scenario(place)
            model.run(
                params={"price factor": chosen.price_factor, "exponent": chosen.exponent},
                return_columns=stocks,
                return_timestamps=[END],
            )
            found = np.concatenate([np.ravel(model[stock]) for stock in stocks])
            return [float(stock) for stock in found]

        run(0)
    measuring.single(run)
    measuring.sweep(run)
    measuring.hand_over(version=pysd.__version__)


if __name__ == "__main__":
    main()
