"""The command ``app``: a page on this machine on which policies are moved."""

import sys
from contextlib import suppress

from simulator.interface.output import Output
from simulator.interface.reporting import observed, sources
from simulator.reading.scenario import load


def app_command(output: Output, scenario: str, *, towards: str, port: int, host: str) -> int:
    """Serve the page until interrupted."""
    from simulator.live import server  # noqa: PLC0415
    from simulator.live.bench import Bench  # noqa: PLC0415 - slow to import
    from simulator.live.view import View  # noqa: PLC0415

    server.needed()
    first, second = load(scenario), load(towards)
    bench = Bench(first, second)
    with server.bound(host, port) as where:
        own, taken = where.getsockname()[:2]
        named = f"[{own}]" if ":" in own else own
        address = f"http://{named}:{taken}/"
        with output.waiting(first.resolved.name):
            hosts = (*server.LOOPBACK, "[::1]") if own in server.LOOPBACK else ("*",)
            made = server.application(
                View(bench, observed(), sources()), output.language, hosts
            )
        output.line("app_ready", address=address, count=len(bench.names))
        if own not in server.LOOPBACK:
            output.line("app_open", address=named)
        output.json({"address": address, "policies": list(bench.names)})
        sys.stdout.flush()  # whoever started it may wait for the address
        with suppress(KeyboardInterrupt):  # that is how it ends
            server.serve(made, where)
    return 0
