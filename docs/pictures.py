"""Draw the pictures of the READMEs anew: ``python docs/pictures.py``.

Results change with the model, and the pictures with them.
"""

from pathlib import Path
from typing import Final

import simulator as st

HERE: Final = Path(__file__).parent / "pictures"
SCENARIOS: Final = ("current_policies", "national_targets", "accelerated", "delayed")


def main() -> None:
    """Run the scenarios and draw the picture in both languages."""
    runs = st.compare(SCENARIOS)
    for language in ("en", "zh"):
        figure = st.plot.pathways(runs, language)
        figure.savefig(HERE / f"pathways_{language}.png", pil_kwargs={"optimize": True})


if __name__ == "__main__":
    main()
