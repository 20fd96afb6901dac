"""Outputs that a file asks for: expressions over the result data set."""

from simulator.reading.suggest import did_you_mean
from simulator.reading.sweep_file import quantity_names
from simulator.reading.sweep_report import Report
from simulator.reading.yaml_nodes import Node
from simulator.results.grammar import (
    Arithmetic,
    Call,
    Expression,
    ExpressionError,
    Number,
    parse,
)
from simulator.results.grammar import Node as Tree
from simulator.results.quantities import load_quantities


def read_output(report: Report, node: Node, key: str, text: str) -> Expression | None:
    """Parse an output; None when it is wrong, and what is wrong is noted at its node."""
    known, _ = quantity_names()
    dims = {name: quantity.dims for name, quantity in load_quantities().items()}
    before = len(report.problems)
    try:
        output = parse(text)
    except ExpressionError as error:
        report.problem(node, key, str(error))
        return None
    unknown = [word for word in output.variables if word not in known]
    if unknown:
        hint = did_you_mean(unknown[0], known)
        report.problem(node, key, f'unknown variable "{unknown[0]}"{hint}')
    elif text in dims and set(dims[text]) - {"time"}:
        axes = ", ".join(sorted(set(dims[text]) - {"time"}))
        report.problem(node, key, f"{text} leaves {axes} open: choose or add up with sum()")
    return output if len(report.problems) == before else None


def unit_of(output: Expression) -> str:
    """Unit of an output that is one variable or a sum of it; none of other expressions."""
    known = load_quantities()
    alone = len(output.variables) == 1 and not isinstance(output.tree, Arithmetic)
    unit = known[output.variables[0]].unit if alone and output.function in {"", "sum"} else ""
    return "" if unit.startswith("coordinate:") else unit


def called(name: str, output: Expression) -> tuple[str, str]:
    """What people call an output: the variable's name where it is one, else its own."""
    found = load_quantities().get(output.text.removeprefix("sum(").removesuffix(")"))
    return (name, name) if found is None else (found.long_name, found.long_name_zh)


def by_year(tree: Tree) -> bool:
    """Whether an expression has a value for every year, not one number by itself."""
    match tree:
        case Number():
            return False
        case Arithmetic(left=left, right=right):
            return by_year(left) or by_year(right)
        case Call(function="sum" | "share", arguments=arguments):
            return any(map(by_year, arguments))
        case Call():
            return False
    return True
