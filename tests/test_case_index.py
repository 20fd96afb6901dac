"""What the model must show, and the test that shows it: identities, exact cases, extremes.

A test that is renamed or removed is missed here.
"""

import pytest

from tests.named_tests import exists
from tests.test_extremes import ALONE, EXTREMES

CLOSURE = "tests/test_closure.py"
CHAIN = "tests/equations/test_fleet.py"
CHOICE = "tests/equations/test_choice.py"
ANALYTIC = "tests/test_analytic.py"
EQUIPMENT = "tests/equations/test_equipment.py"
RETROFIT = "tests/equations/test_retrofit_learning_cost.py"
DISPATCH = "tests/equations/test_dispatch.py"
MATERIALS = "tests/equations/test_materials.py"
CEMENT = "tests/equations/test_cement.py"
ALUMINIUM = "tests/equations/test_aluminium.py"
EXPANSION = "tests/equations/test_expansion.py"
MARKET = "tests/equations/test_carbon_market.py"
BORDER = "tests/equations/test_border.py"
LIMITS = "tests/test_limits.py"
EXTREME = "tests/test_extremes.py"
RUNS = f"{EXTREME}::test_extremes_are_finite_and_their_unmet_demand_is_reported"

IDENTITIES = {
    "1 stocks change by what enters and leaves": (
        f"{CLOSURE}::test_stocks_change_by_what_enters_and_leaves",
        f"{CLOSURE}::test_the_ledger_closes",
        "tests/model/test_balances.py::test_a_broken_flow_is_noticed",
        f"{CHAIN}::test_nothing_is_created_or_lost",
    ),
    "2 nothing negative, shares are shares": (
        f"{CLOSURE}::test_nothing_is_negative_and_nothing_is_missing",
        f"{CLOSURE}::test_shares_are_shares",
        f"{CHOICE}::test_a_banned_technology_gets_nothing_and_all_banned_is_finite",
    ),
    "3 energy by carrier": (
        f"{CLOSURE}::test_electricity_made_is_electricity_used_and_lost",
        f"{CLOSURE}::test_the_ledger_closes",
        f"{DISPATCH}::test_generation_and_unmet_equal_demand_and_storage_loss",
    ),
    "4 emissions add up": (
        f"{CLOSURE}::test_national_carbon_is_the_sum_of_its_parts",
        f"{CLOSURE}::test_users_cause_what_suppliers_emit",
        "tests/results/test_dataset.py::test_totals_are_sums_of_parts",
    ),
    "5 scopes 2 and 3 stay outside the nation": (
        "tests/results/test_scopes.py::test_scopes_2_and_3_are_never_added_to_the_nation",
    ),
    "6 materials": (
        f"{MATERIALS}::test_steel_sold_is_steel_in_goods_plus_losses_and_exports",
        f"{MATERIALS}::test_scrap_balances_and_an_empty_pool_never_falls",
        f"{CEMENT}::test_clinker_is_cement_times_ratio_without_low_carbon_binders",
        f"{ALUMINIUM}::test_metal_balances_within_limits",
    ),
    "7 limits": (
        f"{LIMITS}::test_nothing_is_built_beyond_its_limit",
        f"{LIMITS}::test_what_is_captured_is_stored",
        f"{EXPANSION}::test_orders_keep_their_limits_and_both_criteria_close",
        f"{EXPANSION}::test_a_ban_stops_orders_and_what_stands_remains",
        "tests/equations/test_carbon_storage.py::test_capture_never_exceeds_injection",
        f"{EXTREME}::test_a_ban_stops_orders_at_its_date",
    ),
    "8 carbon cost is a transfer, the border charge never negative": (
        f"{LIMITS}::test_carbon_costs_no_more_than_its_price_and_is_a_transfer",
        f"{LIMITS}::test_nobody_is_charged_at_the_border_for_less_than_nothing",
        f"{BORDER}::test_nothing_is_charged_before_the_start_or_when_home_is_as_dear",
        "tests/model/test_accounts.py::test_carbon_costs_price_times_emissions_that_are_not_free",
        "tests/model/test_balances.py::test_a_border_that_pays_exporters_is_noticed",
    ),
    "9 the same run twice, units there and back": (
        "tests/test_solver_agreement.py::test_the_same_run_twice_is_the_same_to_the_last_bit",
        "tests/test_units.py::test_conversions",
    ),
    "10 half the step, another solver": (
        "tests/test_solver_agreement.py::test_half_the_tolerance_changes_nothing",
        "tests/test_solver_agreement.py::test_other_methods_agree",
    ),
}
"""Identities of every run."""

CASES = {
    "A1": (f"{CHAIN}::test_one_class_decays_exponentially",),
    "A2": (f"{CHAIN}::test_a_young_stock_survives_as_erlang",),
    "A3": (f"{ANALYTIC}::test_constant_demand_ends_in_replacement",),
    "A4": (f"{ANALYTIC}::test_age_at_exit_is_erlang",),
    "A5": (f"{CHAIN}::test_growth_tilts_the_age_classes",),
    "A6": (
        f"{CHOICE}::test_equal_costs_share_by_weight",
        f"{CHOICE}::test_a_high_exponent_lets_the_cheapest_take_all",
    ),
    "A7": (f"{CHOICE}::test_two_technologies_follow_their_cost_ratio",),
    "A8": (
        f"{CHOICE}::test_waterfill_equals_the_rounds",
        f"{CHOICE}::test_waterfill_keeps_limits_and_loses_nothing",
    ),
    "A9": (f"{RETROFIT}::test_each_doubling_cuts_the_part_above_the_floor",),
    "A10": (f"{RETROFIT}::test_retrofit_empties_the_old_class_and_conserves_the_whole",),
    "A11": (
        f"{CEMENT}::test_shares_relax_exponentially",
        f"{ALUMINIUM}::test_clean_power_relaxes_exponentially",
        f"{ALUMINIUM}::test_a_floor_that_rises_is_reached",
    ),
    "A12": (f"{ANALYTIC}::test_energy_reaches_a_plateau_where_the_identity_says",),
    "A13": (f"{EQUIPMENT}::test_replacing_every_ie1_motor_by_ie5",),
    "A14": (f"{EQUIPMENT}::test_replacing_ie2_by_ie3_saves_less_than_the_label_claim",),
    "A15": (f"{MATERIALS}::test_a_pulse_wears_out_along_an_erlang_curve",),
    "A16": (f"{MARKET}::test_the_loop_with_capital_is_damped_as_it_should_be",),
    "A17": (f"{EQUIPMENT}::test_replacing_old_transformers_saves_22_twh",),
    "A18": (
        "tests/reading/test_facts_table.py::test_printed_tables_add_up",
        f"{ANALYTIC}::test_steel_of_2019_emits_a_gigatonne_and_a_half",
        f"{ANALYTIC}::test_intensity_of_power_in_2021",
        f"{ANALYTIC}::test_a_green_premium_of_22_percent_implies_the_cost_of_steel_today",
        "tests/results/test_life_cycle.py::test_the_transformer_of_the_document",
    ),
    "A19": (
        f"{RUNS}[no demand for materials]",
        f"{RUNS}[no carbon price]",
        f"{CLOSURE}::test_nothing_is_negative_and_nothing_is_missing",
    ),
    "A20": (
        "tests/test_levers.py::test_every_active_lever_acts",
        "tests/test_levers.py::test_half_the_strength_does_part_of_what_the_whole_does",
    ),
}
"""Cases with an exact answer."""

EXTREME_RUNS = {
    "price zero": (f"{RUNS}[no carbon price]",),
    "price of 10 000 CNY/t": (f"{RUNS}[carbon price of 10 000]",),
    "no wind and sun": (f"{RUNS}[no new wind and sun]",),
    "no storage": (f"{RUNS}[no storage]",),
    "no scrap": (f"{RUNS}[no scrap]",),
    "demand times zero": (f"{RUNS}[no demand for materials]",),
    "demand times two": (f"{RUNS}[twice the demand for materials]",),
    "all bans at once": (f"{RUNS}[all bans at once]",),
    "five years of shock and recovery": (f"{RUNS}[recession and recovery]",),
    "policy five years later": (
        f"{EXTREME}::test_policy_that_comes_five_years_later_brings_neutrality_later",
    ),
    "a thousand draws": (f"{EXTREME}::test_a_thousand_draws_stay_finite_and_conserved",),
}
"""Runs at the ends of what can be set."""


@pytest.mark.parametrize("table", [IDENTITIES, CASES, EXTREME_RUNS])
def test_every_case_has_a_test_that_exists(table: dict[str, tuple[str, ...]]) -> None:
    for case, named in table.items():
        assert named, case
        for name in named:
            test, _, example = name.partition("[")
            assert exists(test), f"{case}: {test}"
            known = {*EXTREMES, *ALONE}
            assert not example or example.removesuffix("]") in known, f"{case}: {example}"


def test_no_case_is_left_out() -> None:
    assert list(CASES) == [f"A{number}" for number in range(1, 21)]
    assert [name.split()[0] for name in IDENTITIES] == [str(number) for number in range(1, 11)]


def test_a_test_that_is_not_there_is_noticed() -> None:
    assert exists("tests/test_case_index.py::test_no_case_is_left_out")
    assert not exists("tests/test_case_index.py::test_no_case")
    assert not exists("tests/test_missing.py::test_no_case_is_left_out")
