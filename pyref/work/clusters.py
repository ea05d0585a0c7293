"""Workers on other machines: dask's, and those of MPI, by the executors that these have.  pyref has
to be installed wherever they are."""

import time
from contextlib import contextmanager
from typing import Any, Iterator, Optional

from .crews import Crew
from .worker import hold

PATIENCE = 60.0  # seconds, for the first worker of dask to be there
ASK_AGAIN = 2.0  # seconds, after which it asks how many there are now


class Dask(Crew):
    """The workers of a scheduler of dask.distributed.  Each gets what to do once, also one that
    comes later; what a worker had that is lost is dask's to give to another."""

    def __init__(self, address: str) -> None:
        try:
            from distributed import Client
        except ImportError as error:
            raise ImportError(f"--dask: {error}; pip install distributed") from None
        self.address, self.asked = address, 0.0
        with self.named_errors():
            self.client = Client(address, set_as_default=False)
            self.client.wait_for_workers(1, timeout=PATIENCE)

    @contextmanager
    def named_errors(self) -> Iterator[None]:
        """Of which dask raises many kinds, some without a word."""
        try:
            yield
        except Exception as error:
            why = str(error) or type(error).__name__
            raise ValueError(f"--dask {self.address}: no worker can be reached: {why}") from None

    def open(self, key: str, packed: bytes) -> None:
        self.executor = self.client.get_executor(pure=False)
        self.send(packed)

    def send(self, packed: bytes) -> None:
        with self.named_errors():
            self.client.wait_for_workers(1, timeout=PATIENCE)
            self.sent = self.client.scatter(packed, broadcast=True)

    @property
    def workers(self) -> int:  # type: ignore[override]  # they come and go
        """All of their threads together, now and then asked for."""
        if time.monotonic() >= self.asked + ASK_AGAIN:
            with self.named_errors():
                self.known: int = max(1, sum(self.client.ncores().values()))
            self.asked = time.monotonic()
        return self.known

    def mend(self, error: BaseException, key: str, packed: bytes) -> bool:
        """What was sent is lost with the last worker that had it."""
        if self.sent.status != "finished":
            self.send(packed)
        return False

    def close(self, finished: bool) -> None:
        self.executor.shutdown(wait=False)
        self.client.close()


class MPI(Crew):
    """The ranks of `mpiexec -n N python -m mpi4py.futures -m pyref …`, but for the first, which
    hands out the work.  Where one is lost MPI ends all of them."""

    def __init__(self) -> None:
        try:
            from mpi4py import MPI as of_mpi
            from mpi4py.futures import _core
        except (ImportError, RuntimeError) as error:  # RuntimeError: no library of MPI
            raise ImportError(f"--mpi: {error}; pip install mpi4py, which needs an MPI") from None
        if getattr(_core, "SharedPool", True) is None or of_mpi.COMM_WORLD.size < 2:
            raise ValueError(
                "--mpi: one rank hands out the work to the others by mpiexec -n 3 python -m "
                "mpi4py.futures -m pyref …"
            )
        self.workers = of_mpi.COMM_WORLD.size - 1

    def open(self, key: str, packed: bytes) -> None:
        from mpi4py.futures import MPIPoolExecutor

        self.executor: Any = MPIPoolExecutor(initializer=hold, initargs=(key, packed))

    def close(self, finished: bool) -> None:
        self.executor.shutdown(wait=True, cancel_futures=not finished)


def crew_elsewhere(dask: Optional[str], mpi: bool) -> Optional[Crew]:
    """As the options of these names say; None where neither does."""
    if dask is not None and mpi:
        raise ValueError("--dask and --mpi: only one of them is possible")
    if mpi:
        return MPI()
    return None if dask is None else Dask(dask)
