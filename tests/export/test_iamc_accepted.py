"""The tools of the IAM consortium take the exchange tables: pyam reads, nomenclature agrees.

They want older versions of libraries than the project, so CI runs this file in an environment
of their own, with ``pip install -e ".[iamc]"``.
"""

import csv
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
import yaml

from simulator.export.iamc import MODEL, REGION, long, wide
from simulator.results.exchange import definitions, own_variables
from simulator.results.joined import join
from tests.synthetic import dataset

# Their own warnings are not ours.
pytestmark = pytest.mark.filterwarnings("default")

RUNS = {"first": dataset("first"), "second": dataset("second", 0.5)}
FORMS = {"wide": wide, "long": long}


@pytest.fixture(scope="module")
def tools():
    """The two packages, or a skip that says what to install."""
    why = 'not installed, CI has an environment for it: pip install -e ".[iamc]"'
    return SimpleNamespace(
        pyam=pytest.importorskip("pyam", reason=why),
        nomenclature=pytest.importorskip("nomenclature", reason=why),
    )


@pytest.fixture(scope="module")
def definition(tools, tmp_path_factory):
    """Our variables as a definition: names of the common definitions, else our own."""
    folder = tmp_path_factory.mktemp("definitions")
    known = [(item.variable, item.unit) for item in definitions()]
    known += [(item.long_name, item.unit) for item in own_variables()]
    content = {
        "variable": [
            {name: {"unit": None if unit == "1" else unit, "description": name}}
            for name, unit in known
        ],
        "region": [{"country": [REGION]}],
    }
    for dimension, codes in content.items():
        (folder / dimension).mkdir()
        text = yaml.safe_dump(codes, allow_unicode=True)
        (folder / dimension / "ours.yaml").write_text(text, encoding="utf-8")
    return tools.nomenclature.DataStructureDefinition(folder, dimensions=["variable", "region"])


@pytest.fixture(scope="module")
def frames(tools, tmp_path_factory):
    """The wide and the long table of two scenarios, as pyam reads them."""
    found = {}
    for name, rows in FORMS.items():
        path: Path = tmp_path_factory.mktemp("tables") / f"{name}.csv"
        with path.open("w", newline="", encoding="utf-8-sig") as stream:
            csv.writer(stream).writerows(rows(join(RUNS)))
        found[name] = tools.pyam.IamDataFrame(path)
    return found


@pytest.mark.parametrize("form", FORMS)
def test_pyam_reads_every_number(frames, form: str) -> None:
    frame = frames[form]
    assert list(frame.model) == [MODEL]
    assert list(frame.region) == [REGION]
    assert sorted(frame.scenario) == sorted(RUNS)
    assert len(frame.variable) == len(definitions()) + len(own_variables())
    for name, run in RUNS.items():
        found = frame.filter(scenario=name, variable="Emissions|CO2").timeseries()
        np.testing.assert_allclose(found.to_numpy()[0], run["emissions_net"], rtol=1e-9)
    assert frames["wide"].equals(frames["long"])


@pytest.mark.parametrize("form", FORMS)
def test_nomenclature_finds_every_name_and_unit(definition, frames, form: str) -> None:
    definition.validate(frames[form])


def test_nomenclature_would_find_a_wrong_name_or_unit(tools, definition, frames) -> None:
    wrong_unit = frames["wide"].rename(unit={"Mt CO2/yr": "Gt CO2/yr"})
    wrong_name = frames["wide"].rename(variable={"Emissions|CO2": "Emission|CO2"})
    for frame in (wrong_unit, wrong_name):
        with pytest.raises(tools.nomenclature.exceptions.NomenclatureValidationError):
            definition.validate(frame)
