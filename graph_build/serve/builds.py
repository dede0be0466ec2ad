"""The build that is served: pinned while anyone reads it, exchanged for a newer one without a failed request."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from graph_build import store
from graph_build.errors import CommuniqueError
from graph_build.serve.pool import Nursery, Pool
from graph_build.serve.replies import Cache, http_date
from graph_build.serve.settings import Settings

_log = logging.getLogger("communique.serve")


class Served:
    """One build with its workers and the answers kept of it.

    `memo` keeps what pages need of the whole build (labels of concepts, counts), made at first use.
    """

    def __init__(self, settings: Settings, nursery: Nursery, build: store.Build, at: str) -> None:
        self.build = build
        self.at = at
        self.modified = http_date(at)
        self.pool = Pool(settings, nursery, build.folder / "store")
        self.cache = Cache(settings.cache)
        self.memo: dict[str, Any] = {}
        self.users = 0

    @property
    def name(self) -> str:
        return self.build.name

    def etag(self, *parts: object) -> str:
        """The entity tag of a representation: the build, and what tells apart its representations."""
        import hashlib

        told = hashlib.blake2b("\x1f".join(map(str, parts)).encode("utf-8", "replace"), digest_size=6).hexdigest()
        return f'"{self.name}-{told}"'

    async def close(self) -> None:
        """Wait until nobody reads it any more, then let go."""
        while self.users:
            await asyncio.sleep(0.05)
        await self.pool.close()
        self.memo.clear()
        self.build.close()


class Builds:
    """The output folder as the server sees it: `use()` gives the build in use, whole, for one request."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.out = Path(settings.out)
        self.nursery: Nursery | None = None
        self.current: Served | None = None
        self.problem = ""
        self._tasks: set[asyncio.Task[None]] = set()

    async def start(self) -> None:
        """Open the build in use and start its workers; CommuniqueError where there is none."""
        build = store.open_build(self.out)
        self.nursery = Nursery(self.settings)
        self.current = await self._serve(build)
        self._task(self._watch())

    async def _serve(self, build: store.Build) -> Served:
        assert self.nursery is not None
        pointer = store.pointer(self.out)
        moments = {p.build: p.at for p in (pointer.former if pointer else ())}
        if pointer:
            moments[pointer.build] = pointer.at
        served = Served(self.settings, self.nursery, build, moments.get(build.name, ""))
        try:
            await served.pool.start()
        except BaseException:
            build.close()
            raise
        return served

    def _task(self, work: Any) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _watch(self) -> None:
        while True:
            await asyncio.sleep(self.settings.watch)
            try:
                pointer = store.pointer(self.out)
                if pointer is None or self.current is None or pointer.build == self.current.name:
                    continue
                served = await self._serve(store.open_build(self.out))
            except (CommuniqueError, OSError) as error:
                # The build in use stays in use; the reason is told once for each new problem.
                if str(error) != self.problem:
                    self.problem = str(error)
                    _log.warning("still serving the former build: %s", error)
                continue
            self.problem = ""
            former, self.current = self.current, served
            self._task(former.close())

    @asynccontextmanager
    async def use(self) -> AsyncIterator[Served]:
        """The build in use, kept until the caller is done with it."""
        served = self.current
        assert served is not None
        served.users += 1
        try:
            yield served
        finally:
            served.users -= 1

    async def stop(self) -> None:
        """End all workers."""
        for task in tuple(self._tasks):
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task
        if self.current is not None:
            await self.current.close()
        if self.nursery is not None:
            self.nursery.close()
