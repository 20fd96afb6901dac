"""One colour for each sector, plant and technology, everywhere.

The colours start from the sets of Okabe and Ito and of Tol, which survive colour-blindness, and
neighbours in a stack differ in lightness, so that a grey print can be read as well.
"""

from typing import Final, NamedTuple


class Band(NamedTuple):
    """A band of a stack: some labels of a dimension under one name and colour."""

    key: str
    en: str
    zh: str
    colour: str
    members: tuple[str, ...]


SECTOR_BANDS: Final = (
    Band("power", "Power", "电力", "#44546a", ("power",)),
    Band("steel", "Steel", "钢铁", "#d55e00", ("steel",)),
    Band("cement", "Cement", "水泥", "#b8b8b8", ("cement",)),
    Band("petrochemicals", "Chemicals", "石化化工", "#7b4173", ("petrochemicals",)),
    Band("other_industry", "Other industry", "其他工业", "#e69f00",
         ("aluminium", "coal_mining", "textiles", "machinery", "heavy_machinery",
          "semiconductors", "environmental_protection", "other_industry", "hydrogen")),
    Band("road", "Road vehicles", "道路交通", "#0072b2", ("automotive",)),
    Band("machines", "Other transport, machines", "其他交通与机械", "#88ccee",
         ("other_transport", "construction_machinery", "agriculture")),
    Band("heat", "Buildings and heat", "建筑与供热", "#009e73", ("buildings", "heat_supply")),
    Band("removal", "Carbon removal", "碳移除", "#a2c579", ("carbon_removal",)),
)  # fmt: skip
"""Sectors as the figures show them, from the bottom of the stack to its top."""

GENERATOR_BANDS: Final = (
    Band("coal", "Coal", "煤电", "#44546a", ("coal_subcritical", "coal_supercritical")),
    Band("capture", "With capture", "碳捕集电站", "#9aa5b1",
         ("coal_ccs", "gas_ccs", "beccs")),
    Band("gas", "Gas", "气电", "#d55e00", ("gas",)),
    Band("nuclear", "Nuclear", "核电", "#7b4173", ("nuclear",)),
    Band("biomass", "Biomass", "生物质", "#a2c579", ("biomass",)),
    Band("hydro", "Hydro", "水电", "#0072b2", ("hydro",)),
    Band("wind", "Wind", "风电", "#56b4e9", ("onshore_wind", "offshore_wind")),
    Band("solar", "Solar", "太阳能", "#f0c93a", ("solar_utility", "solar_distributed", "csp")),
)  # fmt: skip
"""Generators as the figures show them; storage gives back what others generate."""

STEEL_BANDS: Final = (
    Band("blast_furnace", "Blast furnace", "高炉-转炉", "#44546a", ("blast_furnace",)),
    Band("blast_furnace_ccs", "Blast furnace with capture", "高炉碳捕集", "#9aa5b1",
         ("blast_furnace_ccs",)),
    Band("gas_dri", "Gas direct reduction", "气基直接还原", "#d55e00", ("gas_dri",)),
    Band("scrap_eaf", "Scrap arc furnace", "废钢电炉", "#56b4e9", ("scrap_eaf",)),
    Band("hydrogen_dri", "Hydrogen direct reduction", "氢基直接还原", "#009e73",
         ("hydrogen_dri",)),
)  # fmt: skip

VEHICLE_BANDS: Final = (
    Band("combustion", "Combustion", "燃油车", "#44546a", ("combustion",)),
    Band("hybrid", "Hybrid", "混合动力", "#e69f00", ("hybrid",)),
    Band("plug_in_hybrid", "Plug-in hybrid", "插电混动", "#7b4173", ("plug_in_hybrid",)),
    Band("battery_electric", "Battery electric", "纯电动", "#56b4e9", ("battery_electric",)),
    Band("fuel_cell", "Fuel cell", "燃料电池", "#009e73", ("fuel_cell",)),
)

MOTOR_BANDS: Final = (
    Band("ie1", "IE1", "IE1", "#44546a", ("ie1",)),
    Band("ie2", "IE2", "IE2", "#b8b8b8", ("ie2",)),
    Band("ie3", "IE3 (grade 3)", "IE3（3级能效）", "#e69f00", ("ie3",)),
    Band("ie4", "IE4 (grade 2)", "IE4（2级能效）", "#56b4e9", ("ie4",)),
    Band("ie5", "IE5 (grade 1)", "IE5（1级能效）", "#009e73", ("ie5",)),
)

GROSS: Final = "#44546a"
NET: Final = "#000000"
OBSERVED: Final = "#d55e00"
SINK: Final = "#5b8c3a"
STATUS: Final = {"pass": "#2b83ba", "fail": "#e08214", "not applicable": "#cfcfcf"}
"""Blue for met, orange for missed: told apart by everybody, and by lightness in print."""

STAGES: Final = ("#f3efe6", "#e6eef3", "#e8f1e6", "#f1e9f1")
"""Backgrounds of the four stages."""
