"""The command ``shuangtan``: options and exit codes; what a command does is in its module.

Nothing is imported before a command needs it, so that the help page comes at once.
Exit codes: 0 done, 1 a run failed, 2 the input is wrong, 130 interrupted.
"""

import gc
import os
import sys
from collections.abc import Callable, Sequence
from importlib import import_module
from typing import Any, Final

import rich_click as click
from click.exceptions import Exit

from simulator.errors import ScenarioError, SimulatorError
from simulator.interface.language import Language, language_of, say
from simulator.interface.output import Output

Decorator = Callable[[Callable[..., Any]], Callable[..., Any]]

COMMANDS: Final = {
    "list": "looking",
    "run": "running",
    "compare": "comparing",
    "sweep": "sweeping",
    "sensitivity": "studying",
    "attribute": "attributing",
    "seek": "seeking",
    "check": "looking",
    "explain": "looking",
    "schema": "looking",
    "hindcast": "hindcasting",
    "calibrate": "calibrate",
    "report": "saved",
    "export": "saved",
    "app": "serving",
}
"""Module of each command, imported when it is called."""

SCHEMAS: Final = ("scenario", "sweep", "study", "target")
"""Files that ``schema`` describes."""

COLLECT_AFTER: Final = 50_000
"""Objects made before Python looks for cycles that nothing uses.

Almost all that a command makes lives to its end: to look after every 700 objects took a tenth
of the time of a run.
"""

FAILED: Final = 1
WRONG_INPUT: Final = 2
INTERRUPTED: Final = 130


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line and leave with its exit code."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    gc.set_threshold(COLLECT_AFTER)
    raise SystemExit(invoke(words))


def invoke(arguments: Sequence[str]) -> int:
    """Run one command; every error becomes a sentence on standard error and a code."""
    language = language_of(arguments)
    code = 0
    try:
        result = build(language).main(
            args=list(arguments), prog_name="shuangtan", standalone_mode=False
        )
        sys.stdout.flush()
        code = result if isinstance(result, int) else 0
    except Exit as leave:
        code = leave.exit_code
    except click.ClickException as error:
        error.show()
        code = error.exit_code
    except (click.Abort, KeyboardInterrupt):
        code = _complain(say("interrupted", language), INTERRUPTED)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except ScenarioError as error:
        code = _complain(str(error), WRONG_INPUT)
    except SimulatorError as error:
        code = _complain(str(error), FAILED)
    except Exception as error:
        if os.environ.get("SHUANGTAN_DEBUG"):
            raise
        text = f"{type(error).__name__}: {error}"
        code = _complain(say("bug", language, text=text), FAILED)
    return code


def _complain(text: str, code: int) -> int:
    """Write to standard error and return the exit code."""
    click.echo(text, err=True)
    return code


def build(language: Language) -> click.RichGroup:
    """Build the command with its help in one language."""

    @click.group("shuangtan", help=say("shuangtan", language), no_args_is_help=True)
    @click.version_option(package_name="shuangtan", message="%(prog)s %(version)s")
    @_lang(language)
    def group(**_: str | None) -> None:
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

    def call(**values: Any) -> int:  # noqa: ANN401
        values.pop("lang")  # `language_of` has read it
        module = import_module(f"simulator.interface.{COMMANDS[name]}")
        command: Callable[..., int] = getattr(module, f"{name}_command")
        quiet, as_json = values.pop("quiet"), values.pop("as_json")
        return command(Output(language, quiet=quiet, as_json=as_json), **values)

    return call


def _lang(language: Language) -> Decorator:
    """Option for the language; it may stand before or after the command."""
    help_text = say("option.lang", language)
    return click.option("--lang", type=click.Choice(["zh", "en"]), help=help_text)


def _common(language: Language) -> list[Decorator]:
    """Options of every command."""
    return [
        _lang(language),
        click.option("--quiet", "-q", is_flag=True, help=say("option.quiet", language)),
        click.option("--json", "as_json", is_flag=True, help=say("option.json", language)),
    ]


def _options(language: Language) -> dict[str, list[Decorator]]:
    """Arguments and options of each command, in the order of the help page."""

    def note(key: str) -> str:
        return say(f"option.{key}", language)

    many = click.argument("scenarios", nargs=-1, required=True, metavar="SCENARIO...")
    change = click.option(
        "--set", "changes", multiple=True, metavar="KEY=VALUE", help=note("set")
    )
    out = click.option(
        "--out", default="outputs", metavar="DIR", show_default=True,
        help=note("out"),
    )  # fmt: skip
    engine = click.option(
        "--engine", type=click.Choice(["reference", "batch"]), default="reference",
        show_default=True, help=note("engine"),
    )  # fmt: skip
    workers = click.option(
        "--workers", type=click.IntRange(1, 1024), default=None, metavar="N",
        help=note("workers"),
    )  # fmt: skip
    seed = click.option(
        "--seed", type=click.IntRange(0), default=1, metavar="K", show_default=True,
        help=note("seed"),
    )  # fmt: skip
    plain = click.option("--no-report", is_flag=True, help=note("no_report"))
    results = click.argument("results", metavar="RESULT", type=click.Path())
    return {
        "list": [],
        "run": [
            many, out, change, engine, plain,
            click.option(
                "--ensemble", type=click.IntRange(2, 1_000_000), default=None, metavar="N",
                help=note("ensemble"),
            ),
            seed,
            click.option(
                "--weights", type=click.Choice(["history", "equal"]), default="history",
                show_default=True, help=note("weights"),
            ),
            click.option("--assumptions", is_flag=True, help=note("assumptions")),
        ],
        "compare": [
            many,
            click.option("--baseline", metavar="SCENARIO", help=note("baseline")),
            click.option("--with", "published", metavar="FILE", help=note("with")),
            click.option("--stage-content", is_flag=True, help=note("stage_content")),
            out, change, engine, plain,
        ],
        "sweep": [
            click.argument("sweep", metavar="SWEEP"),
            out,
            workers,
            click.option("--scheduler", metavar="ADDRESS", help=note("scheduler")),
            click.option(
                "--batch", type=click.IntRange(1, 100_000), default=None, metavar="N",
                help=note("batch"),
            ),
            click.option("--resume", is_flag=True, help=note("resume")),
        ],
        "sensitivity": [
            click.argument("study", metavar="STUDY"),
            out,
            workers,
            plain,
        ],
        "attribute": [
            click.argument("first", metavar="A"),
            click.argument("second", metavar="B"),
            click.option(
                "--orders", type=click.IntRange(4, 100_000), default=None, metavar="N",
                help=note("orders"),
            ),
            seed, out, change, plain,
        ],
        "seek": [
            click.argument("target", metavar="TARGET"),
            click.option("--write", default=None, metavar="FILE", help=note("write")),
            click.option("--out", default=None, metavar="DIR", help=note("out")),
        ],
        "check": [click.argument("scenario", metavar="FILE"), change],
        "explain": [
            click.argument("key", nargs=-1, required=True, metavar=note("explained")),
            click.option("--scenario", metavar="SCENARIO", help=note("scenario")),
            change,
        ],
        "schema": [
            click.argument(
                "kind", default="scenario", type=click.Choice(SCHEMAS),
                metavar=note("schema_kind"),
            ),
        ],
        "hindcast": [
            click.argument("scenario", default=None, required=False, metavar="[SCENARIO]"),
            click.option(
                "--until", type=click.INT, default=None, metavar="YEAR", help=note("until"),
            ),
            click.option("--rolling", is_flag=True, help=note("rolling")),
            click.option(
                "--drivers", type=click.Choice(["expected", "observed"]), default="expected",
                show_default=True, help=note("drivers"),
            ),
            click.option("--refit", is_flag=True, help=note("refit")),
            click.option(
                "--members", type=click.IntRange(2, 100_000), default=None, metavar="N",
                help=note("members"),
            ),
            seed,
            click.option("--out", default=None, metavar="DIR", help=note("out")),
            engine,
        ],
        "calibrate": [
            click.option("--until", type=int, default=None, metavar="YEAR", help=note("until")),
            click.option("--stage", default=None, metavar="NAME", help=note("stage")),
            out,
        ],
        "report": [
            click.argument(
                "results", metavar="RESULT...", nargs=-1, required=True, type=click.Path()
            ),
            click.option("--out", default=None, metavar="FILE", help=note("out")),
        ],
        "export": [
            results,
            click.option(
                "--format", "form", type=click.Choice(["csv", "iamc", "iamc-long", "xlsx"]),
                default="csv",
                help=note("format"),
            ),
            click.option("--out", default=None, metavar="FILE", help=note("out")),
        ],
        "app": [
            click.argument(
                "scenario", default="current_policies", metavar="[SCENARIO]", required=False
            ),
            click.option(
                "--towards", default="accelerated", metavar="SCENARIO", show_default=True,
                help=note("towards"),
            ),
            click.option(
                "--port", type=click.IntRange(0, 65535), default=8350, metavar="N",
                show_default=True, help=note("port"),
            ),
            click.option(
                "--host", default="127.0.0.1", metavar="NAME", show_default=True,
                help=note("host"),
            ),
        ],
    }  # fmt: skip
