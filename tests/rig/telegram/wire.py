"""Calls and answers as bytes: how bodies are read, and every way in which an answer can go out."""

import asyncio
import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl

from aiohttp import web

from .files import UPLOAD_MAX, Upload
from .html import JSON

BODY_MAX = UPLOAD_MAX + (1 << 20)


def make_request(message: Any, payload: Any, protocol: Any, writer: Any, task: Any) -> web.BaseRequest:
    """A request that may be as large as an upload."""
    loop = asyncio.get_running_loop()
    return web.BaseRequest(message, payload, protocol, writer, task, loop, client_max_size=BODY_MAX)


async def read_body(request: web.BaseRequest) -> Mapping[str, Any]:
    """The parameters of a call: from the address, a form, a multipart form or a JSON object."""
    asked = dict(request.query) if request.raw_path.find("?") > 0 else {}
    if request.content_type == "multipart/form-data":
        return asked | await _read_multipart(request)
    body = await request.read()
    if request.content_type == "application/json":
        return asked | _read_object(body)
    return asked | dict(parse_qsl(body.decode(errors="replace"), keep_blank_values=True))


def _read_object(body: bytes) -> dict[str, Any]:
    """A JSON object; anything else holds no parameters, as for the real server."""
    try:
        given = json.loads(body)
    except ValueError:
        return {}
    return given if isinstance(given, dict) else {}


async def _read_multipart(request: web.BaseRequest) -> dict[str, Any]:
    """Uploads stand in their field, or in another that `attach://` names."""
    form: dict[str, Any] = {}
    for name, value in (await request.post()).items():
        if isinstance(value, web.FileField):
            form[name] = Upload(value.filename, value.file.read(), value.content_type)
        else:
            form[name] = value
    attached = {name: form.get(value[9:]) for name, value in form.items() if str(value).startswith("attach://")}
    used = {value[9:] for value in form.values() if str(value).startswith("attach://")}
    return {name: value for name, value in (form | attached).items() if name not in used}


def chat_id(given: Any) -> int | str | None:
    if isinstance(given, str) and given.lstrip("-").isdecimal():
        return int(given)
    return given if isinstance(given, (int, str)) else None


def respond(answer: JSON) -> web.Response:
    body = json.dumps(answer, ensure_ascii=False, separators=(",", ":")).encode()
    status = answer.get("error_code", 200)
    retry_after = answer.get("parameters", {}).get("retry_after")
    headers = {"Retry-After": str(retry_after)} if retry_after else None
    return web.Response(body=body, status=status, content_type="application/json", headers=headers)


def respond_page(status: int) -> web.Response:
    page = f"<html>\r\n<head><title>{status} Bad Gateway</title></head>\r\n<body>nginx</body>\r\n</html>\r\n"
    return web.Response(text=page, status=status, content_type="text/html")


def respond_garbage() -> web.Response:
    return web.Response(body=b'{"ok":true,"result":{"mess', content_type="application/json")


def hang_up(request: web.BaseRequest, *, rudely: bool) -> web.Response:
    """Close the connection instead of answering, rudely with a reset."""
    if request.transport:
        request.transport.abort() if rudely else request.transport.close()
    return web.Response()


async def trickle(request: web.BaseRequest, answer: JSON, bytes_per_second: float) -> web.StreamResponse:
    body = json.dumps(answer).encode()
    response = web.StreamResponse(headers={"Content-Type": "application/json", "Content-Length": str(len(body))})
    await response.prepare(request)
    for place in range(len(body)):
        await response.write(body[place : place + 1])
        await asyncio.sleep(1 / bytes_per_second)
    return response
