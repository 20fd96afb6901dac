"""The server of the live page: it answers what a page asks, and keeps nothing of who asked.

Every address holds all that its answer depends on, so any number of pages may be open.
"""

import errno
import socket
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from threading import Thread
from typing import TYPE_CHECKING, Final

from simulator.errors import ScenarioError, SimulatorError
from simulator.live.bench import NAME
from simulator.live.live_page import live_page
from simulator.live.view import View
from simulator.results.quantities import Language

if TYPE_CHECKING:
    from starlette.applications import Starlette
    from starlette.requests import Request
    from uvicorn import Server

LOOPBACK: Final = ("127.0.0.1", "localhost", "::1")

HEADERS: Final = {
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
}

XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

LONGEST: Final = 4096
"""Characters of a question."""


def needed() -> None:
    """Say in one sentence what is missing, where the extra is not installed."""
    try:
        import starlette  # noqa: F401, PLC0415
        import uvicorn  # noqa: F401, PLC0415
    except ImportError as error:
        message = 'app needs the extra "app": pip install "shuangtan[app]"'
        raise ScenarioError(message) from error


def application(view: View, language: Language, hosts: tuple[str, ...]) -> "Starlette":
    """Make the server's application.

    Parameters
    ----------
    view
        What is shown.
    language
        Language that pages open in, unless the address says another.
    hosts
        Names under which it may be asked: a page of another site cannot ask it.
    """
    from starlette.applications import Starlette  # noqa: PLC0415 - an extra
    from starlette.middleware import Middleware  # noqa: PLC0415
    from starlette.middleware.base import BaseHTTPMiddleware  # noqa: PLC0415
    from starlette.middleware.gzip import GZipMiddleware  # noqa: PLC0415
    from starlette.middleware.trustedhost import TrustedHostMiddleware  # noqa: PLC0415
    from starlette.responses import (  # noqa: PLC0415
        HTMLResponse,
        JSONResponse,
        Response,
    )
    from starlette.routing import Route  # noqa: PLC0415

    page = live_page(view, language)

    def asked(request: "Request") -> tuple[int, ...]:
        if len(request.url.query) > LONGEST:
            message = f"the address is longer than {LONGEST} characters"
            raise ScenarioError(message)
        return view.bench.place(dict(request.query_params))

    def attached(content: str | bytes, name: str, kind: str) -> Response:
        given = {"Content-Disposition": f'attachment; filename="{name}"'}
        return Response(content, headers=given, media_type=kind)

    def opened(_: "Request") -> Response:
        return HTMLResponse(page)

    def pathway(request: "Request") -> Response:
        return JSONResponse(view.answer(asked(request)))

    def file(request: "Request") -> Response:
        text = view.bench.file(asked(request))
        return attached(text, f"{view.bench.name}.yaml", "application/yaml")

    def table(request: "Request") -> Response:
        return attached(
            view.workbook(asked(request), language), f"{view.bench.name}.xlsx", XLSX
        )

    async def refused(_: "Request", error: Exception) -> Response:
        code = 400 if isinstance(error, ScenarioError) else 500
        return JSONResponse({"error": str(error)}, code)

    async def headed(
        request: "Request", answer: Callable[["Request"], Awaitable[Response]]
    ) -> Response:
        response = await answer(request)
        response.headers.update(HEADERS)
        return response

    return Starlette(
        routes=[
            Route("/", opened),
            Route("/pathway", pathway),
            Route(f"/{NAME}.yaml", file),
            Route(f"/{NAME}.xlsx", table),
        ],
        middleware=[
            Middleware(TrustedHostMiddleware, allowed_hosts=list(hosts)),
            Middleware(BaseHTTPMiddleware, dispatch=headed),
            Middleware(GZipMiddleware),
        ],
        exception_handlers={SimulatorError: refused},
    )


def bound(host: str, port: int) -> socket.socket:
    """Take a port, a free one where 0 is asked for.

    Raises
    ------
    ScenarioError
        It is taken, or the name is none of this machine.
    """
    try:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        return socket.create_server((host, port), family=family)
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            message = f"port {port} is taken: choose another with --port, or 0 for any"
        else:
            message = f'cannot listen on "{host}", port {port}: {error.strerror or error}'
        raise ScenarioError(message) from error


def serve(application: "Starlette", where: socket.socket) -> None:
    """Answer until interrupted."""
    _server(application).run(sockets=[where])


@contextmanager
def served(application: "Starlette") -> Iterator[str]:
    """Answer on a free port of this machine while the block runs; gives the address."""
    with bound(LOOPBACK[0], 0) as where:
        server = _server(application)
        thread = Thread(target=server.run, kwargs={"sockets": [where]})
        thread.start()
        try:
            yield f"http://{LOOPBACK[0]}:{where.getsockname()[1]}/"
        finally:
            server.should_exit = True
            thread.join()


def _server(application: "Starlette") -> "Server":
    import uvicorn  # noqa: PLC0415 - an extra

    config = uvicorn.Config(application, log_level="warning", access_log=False, ws="none")
    return uvicorn.Server(config)
