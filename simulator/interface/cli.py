"""The command ``shuangtan``: options and exit codes; what a command does is in its module.

Nothing is imported before a command needs it, so that the help page comes at once.
Exit codes: 0 done, 1 a run failed, 2 the input is wrong, 130 interrupted.
"""

import os
import sys
from collections.abc import Callable, Sequence
from importlib import import_module
from typing import Any, Final

import rich_click as click

from simulator.errors import ScenarioError, SimulatorError
from simulator.interface.language import Language, language_of, say
from simulator.interface.output import Output

Decorator = Callable[[Callable[..., Any]], Callable[..., Any]]

COMMANDS: Final = {
    "list": "looking",
    "run": "running",
    "compare": "comparing",
    "check": "looking",
    "explain": "looking",
    "schema": "looking",
    "hindcast": "looking",
    "report": "saved",
    "export": "saved",
}
"""Module of each command, imported when it is called."""

FAILED: Final = 1
WRONG_INPUT: Final = 2
INTERRUPTED: Final = 130


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line and leave with its exit code."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    raise SystemExit(invoke(words))


def invoke(arguments: Sequence[str]) -> int:
    """Run one command; every error becomes a sentence on standard error and a code."""
    language = language_of(arguments)
    try:
        result = build(language).main(
            args=list(arguments), prog_name="shuangtan", standalone_mode=False
        )
    except click.exceptions.Exit as leave:
        return leave.exit_code
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except (click.Abort, KeyboardInterrupt):
        return _complain(say("interrupted", language), INTERRUPTED)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except ScenarioError as error:
        return _complain(str(error), WRONG_INPUT)
    except SimulatorError as error:
        return _complain(str(error), FAILED)
    except Exception as error:
        if os.environ.get("SHUANGTAN_DEBUG"):
            raise
        text = f"{type(error).__name__}: {error}"
        return _complain(say("bug", language, text=text), FAILED)
    return result if isinstance(result, int) else 0


def _complain(text: str, code: int) -> int:
    """Write to standard error and return the exit code."""
    click.echo(text, err=True)
    return code


def build(language: Language) -> click.RichGroup:
    """Build the command with its help in one language."""

    @click.group("shuangtan", help=say("shuangtan", language), no_args_is_help=True)
    @click.version_option(package_name="shuangtan", message="%(prog)s %(version)s")
    def group() -> None:
        pass

    options = _options(language)
    for name in COMMANDS:
        function: Callable[..., Any] = _lazy(name, language)
        for option in reversed([*options[name], *_common(language)]):
            function = option(function)
        group.command(name, help=say(name, language))(function)
    return group


def _lazy(name: str, language: Language) -> Callable[..., int]:
    """Return a function that imports the command when it is called."""

    def call(*, lang: str | None, **values: Any) -> int:  # noqa: ANN401
        module = import_module(f"simulator.interface.{COMMANDS[name]}")
        command: Callable[..., int] = getattr(module, f"{name}_command")
        chosen: Language = language if lang is None else "zh" if lang == "zh" else "en"
        quiet, as_json = values.pop("quiet"), values.pop("as_json")
        return command(Output(chosen, quiet=quiet, as_json=as_json), **values)

    return call


def _common(language: Language) -> list[Decorator]:
    """Options of every command."""
    return [
        click.option("--lang", type=click.Choice(["zh", "en"]), help=say("option.lang", language)),
        click.option("--quiet", "-q", is_flag=True, help=say("option.quiet", language)),
        click.option("--json", "as_json", is_flag=True, help=say("option.json", language)),
    ]


def _options(language: Language) -> dict[str, list[Decorator]]:
    """Arguments and options of each command, in the order of the help page."""
    many = click.argument("scenarios", nargs=-1, required=True, metavar="SCENARIO...")
    change = click.option(
        "--set", "changes", multiple=True, metavar="KEY=VALUE", help=say("option.set", language)
    )
    out = click.option(
        "--out", default="outputs", metavar="DIR", show_default=True,
        help=say("option.out", language),
    )  # fmt: skip
    engine = click.option(
        "--engine", type=click.Choice(["reference"]), default="reference",
        show_default=True, help=say("option.engine", language),
    )  # fmt: skip
    plain = click.option("--no-report", is_flag=True, help=say("option.no_report", language))
    results = click.argument("results", metavar="RESULT", type=click.Path())
    return {
        "list": [],
        "run": [many, out, change, engine, plain],
        "compare": [
            many,
            click.option("--baseline", metavar="SCENARIO", help=say("option.baseline", language)),
            out, change, engine, plain,
        ],
        "check": [click.argument("scenario", metavar="FILE"), change],
        "explain": [
            click.argument("key"),
            click.option("--scenario", metavar="SCENARIO", help=say("option.scenario", language)),
            change,
        ],
        "schema": [],
        "hindcast": [],
        "report": [results],
        "export": [
            results,
            click.option(
                "--format", "form", type=click.Choice(["csv"]), default="csv",
                help=say("option.format", language),
            ),
            click.option("--out", default=None, metavar="FILE", help=say("option.out", language)),
        ],
    }  # fmt: skip
