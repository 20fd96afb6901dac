"""Draw the pictures of the READMEs anew: ``python docs/pictures.py``.

Results change with the model, and the pictures with them. The picture of the live page takes
the extra ``app``, playwright and Chromium.
"""

import io
import shutil
from pathlib import Path
from typing import Final

import simulator as st
from simulator.results.quantities import Language

HERE: Final = Path(__file__).parent / "pictures"
SCENARIOS: Final = ("current_policies", "national_targets", "accelerated", "delayed")
LANGUAGES: Final[tuple[Language, ...]] = ("en", "zh")
ASKED: Final = "carbon_price_floor=60&coal_power_phase_out=40&electric_arc_furnace_floor=50"
"""Where the policies of the live page are on its picture."""


def main() -> None:
    """Run the scenarios and draw the pictures in both languages."""
    runs = st.compare(SCENARIOS)
    for language in LANGUAGES:
        figure = st.plot.pathways(runs, language)
        figure.savefig(HERE / f"pathways_{language}.png", pil_kwargs={"optimize": True})
        (HERE / f"app_{language}.png").write_bytes(live(language))


def live(language: Language) -> bytes:
    """Take a picture of the live page, in few colours so that it is light."""
    from PIL import Image  # noqa: PLC0415 - comes with matplotlib
    from playwright.sync_api import sync_playwright  # noqa: PLC0415

    from simulator.interface.reporting import observed  # noqa: PLC0415
    from simulator.live.bench import Bench  # noqa: PLC0415
    from simulator.live.server import LOOPBACK, application, served  # noqa: PLC0415
    from simulator.live.view import View  # noqa: PLC0415

    view = View(Bench(st.load(SCENARIOS[0]), st.load(SCENARIOS[2])), observed())
    made = application(view, language, LOOPBACK)
    with served(made) as address, sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=shutil.which("chromium"))
        page = browser.new_page(viewport={"width": 1180, "height": 760})
        page.goto(f"{address}?{ASKED}")
        page.wait_for_function("asked => document.body.dataset.shown === asked", arg=ASKED)
        page.wait_for_function(
            "() => [...document.querySelectorAll('.chart')].every((one) => one.dataset.drawn)"
        )
        taken = Image.open(io.BytesIO(page.screenshot()))
        browser.close()
    light = io.BytesIO()
    taken.convert("RGB").quantize(256).save(light, "PNG", optimize=True)
    return light.getvalue()


if __name__ == "__main__":
    main()
