"""A hub of data sets on this machine: what ``datasets`` asks of ``HF_ENDPOINT``, served from a folder of files."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.parse import unquote, urlsplit

REVISION = "0123456789abcdef0123456789abcdef01234567"


@dataclass
class HubDataset:
    """``files``: path in the repository -> bytes. ``refuses``: the HTTP status for whoever does not bring the token."""

    files: Mapping[str, bytes]
    refuses: int | None = None
    token: str | None = None


@dataclass
class LoopbackHub:
    """Listens on a free port of 127.0.0.1 from ``start`` to ``stop``."""

    datasets: Mapping[str, HubDataset]

    def start(self) -> None:
        class Handler(_Handler):
            served = self.datasets

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.endpoint = f"http://127.0.0.1:{self._server.server_address[1]}"
        self._thread = Thread(target=self._server.serve_forever)
        self._thread.start()

    def stop(self) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


class _Handler(BaseHTTPRequestHandler):
    served: Mapping[str, HubDataset]
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self._answer()

    def do_HEAD(self) -> None:
        self._answer()

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing is printed."""

    def _answer(self) -> None:
        path = unquote(urlsplit(self.path).path)
        found = re.fullmatch(r"(?:/api)?/datasets/([^/]+/[^/]+)(/.*)?", path)
        dataset = found and self.served.get(found.group(1))
        if not found or not dataset:
            self._error(404, "RepoNotFound", "Repository not found")
            return
        if dataset.refuses is not None and self.headers.get("Authorization") != f"Bearer {dataset.token}":
            code = {401: "RepoNotFound", 403: "GatedRepo"}.get(dataset.refuses, "")
            self._error(dataset.refuses, code, "You do not have access to this repository")
            return
        rest = found.group(2) or ""
        if rest.startswith(f"/resolve/{REVISION}/") or rest.startswith("/resolve/main/"):
            self._file(dataset, rest.split("/", 3)[3])
        elif path.startswith("/api/"):
            self._api(found.group(1), dataset, rest)
        else:
            self._error(404, "EntryNotFound", "Entry not found")

    def _api(self, name: str, dataset: HubDataset, rest: str) -> None:
        if rest == "" or rest.startswith("/revision/"):
            siblings = [{"rfilename": path} for path in dataset.files]
            info = {"_id": "1", "id": name, "sha": REVISION, "private": False, "gated": False, "disabled": False}
            self._json({**info, "downloads": 0, "likes": 0, "tags": [], "siblings": siblings})
        elif rest.startswith("/tree/"):
            folder = rest.split("/", 3)[3].rstrip("/") if rest.count("/") > 2 else ""
            self._json(_tree(dataset, folder, recursive="recursive=" in self.path.lower()))
        else:
            self._error(404, "EntryNotFound", "Entry not found")

    def _file(self, dataset: HubDataset, path: str) -> None:
        content = dataset.files.get(path)
        if content is None:
            self._error(404, "EntryNotFound", "Entry not found")
            return
        wanted = re.fullmatch(r"bytes=(\d+)-(\d*)", self.headers.get("Range", ""))
        start = int(wanted.group(1)) if wanted else 0
        end = min(int(wanted.group(2)) + 1, len(content)) if wanted and wanted.group(2) else len(content)
        self.send_response(206 if wanted else 200)
        self.send_header("ETag", f'"{hashlib.sha256(content).hexdigest()}"')
        self.send_header("X-Repo-Commit", REVISION)
        self.send_header("Accept-Ranges", "bytes")
        if wanted:
            self.send_header("Content-Range", f"bytes {start}-{end - 1}/{len(content)}")
        self._body(content[start:end])

    def _json(self, value: Any) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self._body(json.dumps(value).encode())

    def _error(self, status: int, code: str, message: str) -> None:
        self.send_response(status)
        self.send_header("X-Error-Code", code)
        self.send_header("X-Error-Message", message)
        self._body(json.dumps({"error": message}).encode())

    def _body(self, body: bytes) -> None:
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)


def _tree(dataset: HubDataset, folder: str, recursive: bool) -> list[dict[str, Any]]:
    prefix = f"{folder}/" if folder else ""
    inside = {path: content for path, content in dataset.files.items() if path.startswith(prefix)}
    files = [_entry(path, content) for path, content in inside.items() if recursive or "/" not in path[len(prefix) :]]
    folders = {prefix + path[len(prefix) :].split("/")[0] for path in inside if "/" in path[len(prefix) :]}
    return [*map(_folder, sorted(folders)), *files]


def _entry(path: str, content: bytes) -> dict[str, Any]:
    return {"type": "file", "path": path, "size": len(content), "oid": hashlib.sha256(content).hexdigest()[:40]}


def _folder(path: str) -> dict[str, Any]:
    return {"type": "directory", "path": path, "size": 0, "oid": hashlib.sha256(path.encode()).hexdigest()[:40]}


def parquet_bytes(folder: Path, rows: list[dict[str, Any]]) -> bytes:
    """The rows as the bytes of a Parquet file."""
    import pyarrow
    from pyarrow import parquet

    path = folder / "rows.parquet"
    parquet.write_table(pyarrow.Table.from_pylist(rows), path)
    return path.read_bytes()
