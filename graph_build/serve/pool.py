"""The pool of workers: look-ups get an answer at once, whatever else is asked, and nothing runs past its limit.

A query starts among the quick workers and has one slice there. One that needs longer goes on among the slow ones
(its worker moves with it, at a lower priority, and another takes its place); where all slow places are taken it is
stopped and waits for one. A text that needed longer before goes to the slow ones at once. What looks like a look-up
has quick workers of its own, at a higher priority. So a look-up waits for a few slices at most.

Whatever does not end in time is killed by process, and the kernel's timer in the worker stands behind that.
"""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import os
import select
import signal
import socket
import struct
import subprocess
import sys
from collections import OrderedDict, deque
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic
from typing import cast

import msgspec

from graph_build.errors import CommuniqueError, QueryError
from graph_build.serve.jobs import Job, Reply
from graph_build.serve.settings import Settings
from graph_build.serve.worker import HEAD

_ROOT = Path(__file__).resolve().parents[2]
_START = (
    "import sys; sys.path.insert(0, sys.argv.pop(1)); "
    "from graph_build.serve.worker import nursery; nursery(sys.argv[1:])"
)
_REMEMBERED = 4096
TRIES = 3
"""Workers that a query is given to where one is gone at once."""
_NICE = 10


class LateError(QueryError):
    """The query ran past the limit and was stopped."""


class WorkerError(QueryError):
    """The query ended its worker: more memory than allowed, or a fault of the engine."""


class BusyError(QueryError):
    """Too many queries wait, or this one waited too long."""


class _Pipe(asyncio.Protocol):
    """One worker's end: at most one job at a time."""

    def __init__(self) -> None:
        self.buffer = bytearray()
        self.need = HEAD.size
        self.lengths: tuple[int, int] | None = None
        # The first answer is the empty one that says that the store is open.
        self.waiting: asyncio.Future[tuple[bytes, bytes]] = asyncio.get_running_loop().create_future()
        self.transport: asyncio.Transport | None = None
        self.closed = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast(asyncio.Transport, transport)

    def data_received(self, data: bytes) -> None:
        self.buffer += data
        if self.lengths is None and len(self.buffer) >= HEAD.size:
            self.lengths = HEAD.unpack_from(self.buffer)
            self.need = HEAD.size + sum(self.lengths)
        if self.lengths is not None and len(self.buffer) >= self.need:
            whole, head = bytes(self.buffer[: self.need]), self.lengths[0]
            self.buffer, self.lengths, self.need = bytearray(), None, HEAD.size
            if not self.waiting.done():
                self.waiting.set_result((whole[HEAD.size : HEAD.size + head], whole[HEAD.size + head :]))

    def connection_lost(self, exc: Exception | None) -> None:
        self.closed = True
        if not self.waiting.done():
            self.waiting.set_exception(ConnectionError("the worker is gone"))


@dataclass(eq=False)
class Worker:
    """A process with its pipe."""

    pid: int
    pipe: _Pipe
    handle: int = -1

    async def ready(self) -> None:
        """Wait until the store is open."""
        await self.pipe.waiting

    def send(self, packed: bytes) -> asyncio.Future[tuple[bytes, bytes]]:
        """Send a job; the future of its head and body."""
        future: asyncio.Future[tuple[bytes, bytes]] = asyncio.get_running_loop().create_future()
        self.pipe.waiting = future
        if self.pipe.closed or self.pipe.transport is None:
            future.set_exception(ConnectionError("the worker is gone"))
        else:
            self.pipe.transport.write(HEAD.pack(len(packed), 0) + packed)
        return future

    def yield_to_others(self, nice: int = _NICE) -> None:
        """Lower the priority: a long query gives way to look-ups."""
        with contextlib.suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, self.pid, nice)

    def alive(self) -> bool:
        """Whether the process is there, even where the end of its pipe was not read yet."""
        if self.pipe.closed:
            return False
        if self.handle < 0:
            return True
        # A process's descriptor becomes readable when the process ends (pidfd_open(2)).
        ended = select.poll()
        ended.register(self.handle, select.POLLIN)
        return not ended.poll(0)

    def cpu(self) -> float:
        """Seconds of processor time that the process has used; -1 where the system does not say."""
        try:
            with open(f"/proc/{self.pid}/stat", "rb") as file:
                told = file.read().rsplit(b")", 1)[1].split()
            return (int(told[11]) + int(told[12])) / os.sysconf("SC_CLK_TCK")
        except (OSError, IndexError, ValueError):
            return -1.0

    def kill(self) -> None:
        """End the process, now."""
        self.pipe.waiting.cancel()
        with contextlib.suppress(OSError):
            if self.handle >= 0:
                signal.pidfd_send_signal(self.handle, signal.SIGKILL)
            else:
                os.kill(self.pid, signal.SIGKILL)
        if self.handle >= 0:
            os.close(self.handle)
            self.handle = -1
        if self.pipe.transport is not None:
            self.pipe.transport.abort()


class Nursery:
    """The process that forks workers."""

    def __init__(self, settings: Settings) -> None:
        ours, theirs = socket.socketpair()
        self.control = ours
        command = [
            sys.executable,
            "-P",
            "-c",
            _START,
            str(_ROOT),
            str(theirs.fileno()),
            str(settings.memory),
            "1" if settings.services else "0",
        ]
        self.process = subprocess.Popen(
            command, pass_fds=[theirs.fileno()], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL
        )
        theirs.close()
        self._turn = asyncio.Lock()

    async def worker(self, store: Path) -> Worker:
        """A new worker on a store, forked and told to open it; wait for `ready` before use."""
        loop = asyncio.get_running_loop()
        ours, theirs = socket.socketpair()
        async with self._turn:
            pid = await loop.run_in_executor(None, self._ask, str(store), theirs)
        theirs.close()
        ours.setblocking(False)
        _, pipe = await loop.create_connection(_Pipe, sock=ours)
        handle = -1
        if hasattr(os, "pidfd_open"):
            with contextlib.suppress(OSError):
                handle = os.pidfd_open(pid)
        return Worker(pid, pipe, handle)

    def _ask(self, store: str, theirs: socket.socket) -> int:
        try:
            socket.send_fds(self.control, [store.encode()], [theirs.fileno()])
            answer = self.control.recv(4)
        except OSError as error:
            raise CommuniqueError(f"no worker can be started: {error}", "server", "start it again") from error
        if len(answer) != 4:
            raise CommuniqueError("no worker can be started: the nursery is gone", "server", "start it again")
        return int(struct.unpack(">I", answer)[0])

    def close(self) -> None:
        """End the nursery; its workers die with it."""
        self.control.close()
        self.process.kill()
        self.process.wait()


@dataclass(eq=False)
class _Lane:
    """Places for running queries, with a queue before them and workers standing ready for it."""

    places: int
    running: int = 0
    queue: deque[asyncio.Future[None]] = field(default_factory=deque)
    idle: deque[Worker] = field(default_factory=deque)
    coming: int = 0
    """Workers being started for it."""

    @property
    def free(self) -> bool:
        return self.running < self.places and not self.queue

    async def enter(self, seconds: float) -> None:
        """Take a place, waiting for one no longer than `seconds`; raises TimeoutError."""
        if self.free:
            self.running += 1
            return
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.queue.append(future)
        try:
            async with asyncio.timeout(seconds):
                await future
        except BaseException:
            if future.done() and not future.cancelled():
                self.leave()
            elif future in self.queue:
                self.queue.remove(future)
            raise

    def leave(self) -> None:
        """Give the place to the next that waits."""
        self.running -= 1
        while self.queue and self.running < self.places:
            future = self.queue.popleft()
            if not future.done():
                self.running += 1
                future.set_result(None)


class Pool:
    """Workers on one build. `run` answers a job or raises LateError, WorkerError or BusyError."""

    def __init__(self, settings: Settings, nursery: Nursery, store: Path) -> None:
        self.settings = settings
        self.nursery = nursery
        self.store = store
        self.light = _Lane(settings.quick)
        self.rest = _Lane(settings.quick)
        self.slow = _Lane(settings.slow)
        self.all: set[Worker] = set()
        self.known: OrderedDict[bytes, None] = OrderedDict()
        self.jobs = 0
        self.closing = False
        self._tasks: set[asyncio.Task[None]] = set()
        self._encode = msgspec.msgpack.Encoder().encode
        self._decode = msgspec.msgpack.Decoder(Reply).decode

    async def start(self) -> None:
        """Have one worker at once and the others on their way; CommuniqueError where the store cannot be opened."""
        self.light.idle.append(await self._spawn())
        self._refill()

    async def _spawn(self) -> Worker:
        worker = await self.nursery.worker(self.store)
        self.all.add(worker)
        try:
            await worker.ready()
        except ConnectionError as error:
            self._drop(worker)
            raise CommuniqueError("the store cannot be opened by a worker", str(self.store), "build again") from error
        return worker

    def _refill(self) -> None:
        # One more than there are places stands ready, so that a killed one is replaced before it is missed.
        for lane in (self.light, self.rest):
            wanted = lane.places + 1 - len(lane.idle) - lane.coming - lane.running
            for _ in range(0 if self.closing else max(0, wanted)):
                lane.coming += 1
                task = asyncio.get_running_loop().create_task(self._add(lane))
                self._tasks.add(task)
                task.add_done_callback(self._tasks.discard)

    async def _add(self, lane: _Lane) -> None:
        try:
            worker = await self._spawn()
        except (CommuniqueError, OSError):
            return
        finally:
            lane.coming -= 1
        if self.closing:
            self._drop(worker)
            return
        if lane is self.rest:
            worker.yield_to_others(_NICE // 2)
        lane.idle.append(worker)

    async def _worker(self, lane: _Lane) -> Worker:
        while lane.idle:
            worker = lane.idle.popleft()
            if worker.alive():
                return worker
            self._drop(worker)
        return await self._spawn()

    def _drop(self, worker: Worker) -> None:
        self.all.discard(worker)
        worker.kill()

    async def run(self, job: Job, light: bool) -> tuple[Reply, bytes]:
        """The reply to a job and its body."""
        self.jobs += 1
        try:
            return await self._run(job, light)
        finally:
            self.jobs -= 1

    async def _run(self, job: Job, light: bool) -> tuple[Reply, bytes]:
        packed = self._encode(job)
        key = hashlib.blake2b(packed, digest_size=16).digest()
        for attempt in range(TRIES):
            began = monotonic()
            try:
                answered = None
                if key not in self.known:
                    lane = self.light if light and not job.footnotes else self.rest
                    answered = await self._quickly(packed, lane, job.seconds)
                    if answered is None:
                        self._remember(key)
                return answered or await self._slowly(packed, job.seconds)
            except WorkerError:
                # A worker that was gone at once was gone before it was asked (killed from outside); a fresh one tells.
                if attempt == TRIES - 1 or monotonic() - began > self.settings.slice:
                    raise
                await asyncio.sleep(self.settings.slice / 4)
        raise AssertionError("the last attempt answers or raises")

    def _remember(self, key: bytes) -> None:
        self.known[key] = None
        if len(self.known) > _REMEMBERED:
            self.known.popitem(last=False)

    async def _enter(self, lane: _Lane) -> None:
        if len(lane.queue) >= self.settings.queue:
            raise BusyError("too many queries wait", mend="ask again in a few seconds")
        try:
            await lane.enter(self.settings.patience)
        except TimeoutError:
            raise BusyError("the query waited too long for a worker", mend="ask again in a few seconds") from None

    async def _quickly(self, packed: bytes, lane: _Lane, limit: float) -> tuple[Reply, bytes] | None:
        """The answer within a slice, or None where the query needs a slow place."""
        settings = self.settings
        await self._enter(lane)
        left = False
        worker: Worker | None = None
        try:
            worker = await self._worker(lane)
            future = worker.send(packed)
            began, before = monotonic(), -1.0
            done, _ = await asyncio.wait([future], timeout=min(settings.slice, limit))
            # A slice is processor time: on a busy machine a look-up may wait for its turn without being slow.
            while not done and monotonic() - began < min(limit, 10 * settings.slice):
                now = worker.cpu()
                before = now if before < 0 else before
                if now - before >= settings.slice or now < 0 or self.slow.free and lane is self.rest:
                    break
                done, _ = await asyncio.wait([future], timeout=settings.slice / 2)
            if done:
                return self._take(worker, future, lane)
            rest = limit - (monotonic() - began)
            if self.slow.free and rest > 0:
                await self.slow.enter(0)
                lane.leave()
                left = True
                self._refill()
                worker.yield_to_others()
                try:
                    return await self._finish(worker, future, rest, limit)
                finally:
                    self.slow.leave()
            self._drop(worker)
            if rest <= 0:
                raise LateError(_late(limit), mend="ask for less, or with a LIMIT")
            return None
        except asyncio.CancelledError:
            if worker is not None:
                self._drop(worker)
            raise
        finally:
            if not left:
                lane.leave()
            self._refill()

    async def _slowly(self, packed: bytes, limit: float) -> tuple[Reply, bytes]:
        await self._enter(self.slow)
        worker: Worker | None = None
        try:
            worker = await self._worker(self.rest)
            self._refill()
            worker.yield_to_others()
            return await self._finish(worker, worker.send(packed), limit, limit)
        except asyncio.CancelledError:
            if worker is not None:
                self._drop(worker)
            raise
        finally:
            self.slow.leave()

    async def _finish(
        self, worker: Worker, future: asyncio.Future[tuple[bytes, bytes]], seconds: float, limit: float
    ) -> tuple[Reply, bytes]:
        done, _ = await asyncio.wait([future], timeout=seconds)
        if not done:
            self._drop(worker)
            raise LateError(_late(limit), mend="ask for less, or with a LIMIT")
        answer = self._take(worker, future)
        self._drop(worker)
        return answer

    def _take(
        self, worker: Worker, future: asyncio.Future[tuple[bytes, bytes]], lane: _Lane | None = None
    ) -> tuple[Reply, bytes]:
        try:
            head, body = future.result()
        except ConnectionError:
            self._drop(worker)
            raise WorkerError(
                "the query ended its worker: it needs more memory than it may have, or nests too deep",
                mend="ask for less, without sorting or joining everything",
            ) from None
        reply = self._decode(head)
        if lane is not None:
            lane.idle.append(worker)
        return reply, body

    async def close(self) -> None:
        """Wait for what is running, then end the workers."""
        self.closing = True
        deadline = asyncio.get_running_loop().time() + self.settings.patience + self.settings.timeout
        while self.jobs and asyncio.get_running_loop().time() < deadline:
            await asyncio.sleep(0.02)
        for task in tuple(self._tasks):
            task.cancel()
        for worker in tuple(self.all):
            self._drop(worker)


def _late(seconds: float) -> str:
    return f"the query was stopped after {seconds:g} seconds, the limit of this endpoint"
