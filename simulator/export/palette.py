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

STORAGE_BANDS: Final = (
    Band("battery", "Batteries", "新型储能", "#88ccee", ("battery",)),
    Band("long_storage", "Pumped storage", "抽水蓄能", "#117733", ("long_storage",)),
)

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

GRADE_BANDS: Final = (
    Band("grade_3", "Grade 3", "3级能效", "#e69f00", ("grade_3",)),
    Band("grade_2", "Grade 2", "2级能效", "#56b4e9", ("grade_2",)),
    Band("grade_1", "Grade 1", "1级能效", "#009e73", ("grade_1",)),
)

TRANSFORMER_BANDS: Final = (
    Band("s9", "S9 and older", "S9及以下", "#44546a", ("s9",)),
    Band("s11", "S11", "S11", "#b8b8b8", ("s11",)),
    Band("s13", "S13 (grade 3)", "S13（3级能效）", "#e69f00", ("s13",)),
    Band("nx2", "NX2 (grade 2)", "NX2（2级能效）", "#56b4e9", ("nx2",)),
    Band("nx1", "NX1 (grade 1)", "NX1（1级能效）", "#009e73", ("nx1",)),
)

CARRIER_BANDS: Final = (
    Band("coal", "Coal", "煤炭", "#44546a", ("coal",)),
    Band("oil", "Oil products", "油品", "#b0722f", ("diesel", "gasoline", "other_oil", "lpg")),
    Band("feedstock", "Feedstock", "原料用能", "#c4c4c4", ("feedstock",)),
    Band("gas", "Gas", "天然气", "#d55e00", ("gas",)),
    Band("biomass", "Biomass and waste", "生物质与废弃物", "#a2c579", ("biomass", "waste")),
    Band("heat", "Heat", "热力", "#e69f00", ("heat",)),
    Band("hydrogen", "Hydrogen", "氢能", "#009e73", ("hydrogen",)),
    Band("electricity", "Electricity", "电力", "#56b4e9", ("electricity",)),
)
"""Carriers of final energy, from what is burnt to what is not."""

MACHINE_BANDS: Final = (
    Band("early", "Before stage III", "国三以前", "#44546a", ("stage_0", "stage_1", "stage_2")),
    Band("stage_3", "Stage III", "国三", "#b0722f", ("stage_3",)),
    Band("stage_4", "Stage IV", "国四", "#b8b8b8", ("stage_4",)),
    Band("hybrid", "Hybrid", "混合动力", "#e69f00", ("hybrid",)),
    Band("battery_electric", "Battery electric", "纯电动", "#56b4e9", ("battery_electric",)),
    Band("fuel_cell", "Fuel cell", "燃料电池", "#009e73", ("fuel_cell",)),
)

KILN_BANDS: Final = (
    Band("below", "Below baseline", "基准水平以下", "#44546a", ("kiln_below_baseline",)),
    Band("standard", "Baseline", "基准水平", "#b8b8b8", ("kiln_standard",)),
    Band("benchmark", "Benchmark", "标杆水平", "#e69f00", ("kiln_benchmark",)),
    Band("capture", "With capture", "碳捕集", "#9aa5b1", ("kiln_ccs",)),
    Band("electric", "Electric", "电窑", "#56b4e9", ("kiln_electric",)),
)

HEAT_BANDS: Final = (
    Band("coal", "Coal", "燃煤", "#44546a", ("coal", "coal_alumina")),
    Band("gas", "Gas", "燃气", "#d55e00", ("gas", "gas_alumina")),
    Band("oil_biomass", "Oil, biomass", "燃油与生物质", "#a2c579", ("oil_biomass",)),
    Band("electric", "Electric", "电加热", "#56b4e9", ("electric", "electric_alumina")),
    Band("heat_pump", "Heat pump", "热泵", "#0072b2", ("heat_pump",)),
    Band("hydrogen", "Hydrogen", "氢能", "#009e73", ("hydrogen",)),
)

HYDROGEN_BANDS: Final = (
    Band("coal", "Coal", "煤制氢", "#44546a", ("coal",)),
    Band("capture", "Coal with capture", "煤制氢加碳捕集", "#9aa5b1", ("coal_ccs",)),
    Band("gas", "Gas", "天然气制氢", "#d55e00", ("gas",)),
    Band("grid", "Grid electrolysis", "网电电解", "#56b4e9", ("grid_electrolysis",)),
    Band("renewable", "Renewable electrolysis", "绿电电解", "#009e73",
         ("renewable_electrolysis",)),
)  # fmt: skip

SMELTER_BANDS: Final = (
    Band("carbon_anode", "Carbon anode", "碳阳极", "#44546a", ("carbon_anode",)),
    Band("inert_anode", "Inert anode", "惰性阳极", "#56b4e9", ("inert_anode",)),
)

CHEMICAL_BANDS: Final = (
    Band("conventional", "Conventional", "传统工艺", "#44546a", ("conventional",)),
    Band("capture", "With capture", "碳捕集", "#9aa5b1", ("capture",)),
    Band("green", "Electric or green hydrogen", "电气化或绿氢", "#009e73", ("green",)),
)

CHEMICALS: Final = (
    "oil_gas_extraction", "refining", "coal_chemicals", "petroleum_olefins", "ammonia",
    "phosphate", "chlor_alkali_soda", "calcium_carbide",
)  # fmt: skip
HEATS: Final = (
    "textile",
    "light_industry",
    "metalworking",
    "network",
    "building",
    "agriculture",
)
ROAD: Final = ("cars", "buses", "light_trucks", "heavy_trucks")
MACHINES: Final = (
    "excavators", "loaders", "forklifts", "rollers", "bulldozers", "pavers", "graders",
    "other_machines",
)  # fmt: skip
FLEET_BANDS: Final[dict[str, tuple[Band, ...]]] = {
    "steelmaking": STEEL_BANDS,
    "clinker": KILN_BANDS,
    "smelting": SMELTER_BANDS,
    "alumina": HEAT_BANDS,
    "hydrogen_production": HYDROGEN_BANDS,
    "generators": (*GENERATOR_BANDS, *STORAGE_BANDS),
    "motors": MOTOR_BANDS,
    "transformers": TRANSFORMER_BANDS,
    **{f"{use}_heat": HEAT_BANDS for use in HEATS},
    **dict.fromkeys(CHEMICALS, CHEMICAL_BANDS),
    **dict.fromkeys(ROAD, VEHICLE_BANDS),
    **dict.fromkeys(MACHINES, MACHINE_BANDS),
    **dict.fromkeys(("fans", "pumps", "compressors"), GRADE_BANDS),
}
"""Bands of every fleet; a technology that is in none gets a spare colour and its own name."""

POLLUTANTS: Final = (
    ("HC", "Hydrocarbons", "碳氢化合物"),
    ("NOx", "Nitrogen oxides", "氮氧化物"),
    ("PM", "Particles", "颗粒物"),
)

COSTS: Final = (
    Band("investment", "Investment", "投资", "#44546a", ("cost_investment",)),
    Band("operation", "Operation", "运行", "#b8b8b8", ("cost_operation",)),
    Band("material", "Materials", "原料", "#7b4173", ("cost_material",)),
    Band("energy", "Fuels", "燃料", "#d55e00", ("cost_energy",)),
    Band("storage", "CO₂ storage", "二氧化碳封存", "#9aa5b1", ("cost_storage",)),
)
"""Parts of the cost of the system; what sectors pay each other for energy is not in it."""

SPARE: Final = ("#88ccee", "#44546a", "#e69f00", "#009e73", "#7b4173", "#b8b8b8", "#d55e00")
"""Colours of what has none of its own."""

SCENARIOS: Final = (
    "#44546a", "#d55e00", "#0072b2", "#009e73", "#7b4173", "#e69f00", "#56b4e9",
)  # fmt: skip
"""Scenarios in order, the baseline first."""

DASHES: Final = ("solid", "dashed", "dotted")
"""How the lines of scenarios go on when the colours are used up."""

PUBLISHED: Final = ("#595959", "#cc79a7", "#999933", "#882255")
"""Pathways that others published."""

PUBLISHED_DASHES: Final = ("dotted", "dashed", "dotted", "dashed")
PUBLISHED_MARKS: Final = ("o", "s", "^", "D")

GROSS: Final = "#44546a"
NET: Final = "#000000"
OBSERVED: Final = "#d55e00"
SINK: Final = "#5b8c3a"
STATUS: Final = {"pass": "#2b83ba", "fail": "#e08214", "not applicable": "#cfcfcf"}
"""Blue for met, orange for missed: told apart by everybody, and by lightness in print."""

STAGES: Final = ("#f3efe6", "#e6eef3", "#e8f1e6", "#f1e9f1")
"""Backgrounds of the four stages."""
