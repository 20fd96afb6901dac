"""``explain product``: the life-cycle card of a product, from the factors of a run."""

from typing import Final

from simulator.dimensions import BASE_YEAR
from simulator.interface.language import say
from simulator.interface.output import Output
from simulator.reading.scenario import Scenario
from simulator.results.wording import plain

SOLD_IN: Final = (2020, 2030, 2040, 2050)
"""Years of sale that a card shows, where the run has them."""


def explain_product(output: Output, name: str, scenario: Scenario) -> int:
    """Print what one product causes by stage: as printed tables have it, and as projected."""
    import simulator  # noqa: PLC0415 - the model is needed by this command alone

    with output.waiting(scenario.name):
        run = simulator.run(scenario)
    sold = [year for year in SOLD_IN if year in run["time"].values]
    cards = [
        simulator.life_cycle(run, name, BASE_YEAR, projected=False),
        *(simulator.life_cycle(run, name, year) for year in sold),
    ]
    first, zh = cards[0], output.language == "zh"
    output.text(f"{name} - {first.attrs['label_zh' if zh else 'label_en']}")
    head = [
        say("stage_of_life", output.language),
        say("factors_of", output.language, year=BASE_YEAR),
        "%",
        *(say("sold_in", output.language, year=year) for year in sold),
    ]
    body = []
    labels = first["stage_label_zh" if zh else "stage_label_en"].values
    for place, label in enumerate(labels):
        kg = [float(card["emissions"][place]) for card in cards]
        if any(kg):
            share = plain(100.0 * float(first["share"][place]), 2)
            body.append([str(label), weight(kg[0]), share, *map(weight, kg[1:])])
    totals = [card.attrs["total"] for card in cards]
    whole = say("whole_life", output.language)
    body.append([whole, weight(totals[0]), "100", *map(weight, totals[1:])])
    output.line("card_units", name=scenario.name)
    output.table(head, body, numbers=len(head) - 1)
    output.json({
        "product": name,
        "scenario": scenario.name,
        "unit": "kg CO2",
        "stages": first["stage"].values.tolist(),
        "cards": [
            {
                "year": card.attrs["year"], "factors_in_use": card.attrs["factors_in_use"],
                "total": card.attrs["total"], "emissions": card["emissions"].values.tolist(),
                "share": card["share"].values.tolist(),
            }
            for card in cards
        ],
    })  # fmt: skip
    return 0


def weight(kg: float) -> str:
    """Write kilograms: thousands whole, little with its digits."""
    return plain(kg, 0 if abs(kg) >= 1000.0 else 3 if abs(kg) < 1.0 else 1)
