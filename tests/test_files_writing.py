"""Writing a file: nobody else can read it meanwhile, and what a killed process left goes away."""

import os
import signal
import subprocess
import sys
import time

import pytest

from pyref import Network
from pyref.files import atomic

pytestmark = pytest.mark.skipif(os.name == "nt", reason="no such permissions, no kill -9")

# Saves, and stays in the midst of it: the text is written, the file has not its name yet.
HANGING = """
import os, sys, time
from pyref import Network
os.umask(0o022)
def fsync(number):
    print("writing", flush=True)
    time.sleep(600)
os.fsync = fsync
Network([2, 3, 1], seed=2).save(sys.argv[1])
"""


class Hanging:
    """A process that is in the midst of saving."""

    def __init__(self, path):
        self.process = subprocess.Popen(
            [sys.executable, "-c", HANGING, str(path)], stdout=subprocess.PIPE, text=True
        )
        assert self.process.stdout.readline() == "writing\n"

    def kill(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()
        self.process.stdout.close()


@pytest.fixture
def hanging(request):
    def start(path):
        made = Hanging(path)
        request.addfinalizer(made.kill)
        return made

    return start


def temporary_files(folder):
    return sorted(name for name in os.listdir(folder) if name.endswith(".tmp"))


def mode_of(path):
    return os.stat(path).st_mode & 0o777


def test_what_a_killed_process_left_is_removed_by_the_next_save(tmp_path, hanging):
    path = tmp_path / "model.json"
    killed = hanging(path)
    killed.kill()
    assert len(temporary_files(tmp_path)) == 1
    Network([2, 1]).save(tmp_path / "other.json")  # not its own
    assert len(temporary_files(tmp_path)) == 1
    Network([2, 1]).save(path)
    assert sorted(os.listdir(tmp_path)) == ["model.json", "other.json"]
    assert Network.load(path).sizes == [2, 1]


def test_the_file_of_a_live_process_is_not_touched(tmp_path, hanging):
    path = tmp_path / "model.json"
    live = hanging(path)
    name, = temporary_files(tmp_path)
    os.utime(tmp_path / name, (1, 1))
    Network([2, 1]).save(path)
    if atomic.start_of(os.getpid()) is not None:  # else an old file is taken for a dead one's
        assert temporary_files(tmp_path) == [name]
    live.kill()
    Network([2, 1]).save(path)
    assert temporary_files(tmp_path) == []


@pytest.mark.parametrize("old_mode", [0o600, 0o640, None])
def test_only_the_owner_reads_what_is_not_whole(tmp_path, monkeypatch, old_mode):
    path = tmp_path / "model.json"
    usual = os.umask(0o022)
    try:
        if old_mode is not None:
            Network([2, 1]).save(path)
            path.chmod(old_mode)
        seen = []

        def opened(name, flags, *mode):
            number = usual_open(name, flags, *mode)
            seen.append((name, os.fstat(number).st_mode & 0o777))
            return number

        usual_open = os.open
        with monkeypatch.context() as patch:
            patch.setattr(os, "open", opened)
            Network([2, 3, 1]).save(path)
        (name, mode), = seen
        assert name.startswith(f"{path}.") and mode == 0o600
        assert mode_of(path) == (0o644 if old_mode is None else old_mode)
        assert os.umask(0o022) == 0o022
    finally:
        os.umask(usual)


def test_a_half_written_file_can_be_read_by_its_owner_alone(tmp_path, hanging):
    path = tmp_path / "model.json"
    Network([2, 1]).save(path)
    path.chmod(0o600)
    hanging(path)
    name, = temporary_files(tmp_path)
    assert mode_of(tmp_path / name) == 0o600


def left(folder, host=None, number=None, start=None, age=0.0, stem="model.json"):
    host = atomic.host() if host is None else host
    number = os.getpid() if number is None else number
    start = atomic.start_of(number) or 0 if start is None else start
    path = folder / f"{stem}.{host:08x}.{number:x}.{start:x}.0123abcd.tmp"
    path.write_text("half")
    os.utime(path, (time.time() - age, time.time() - age))
    return path


NOBODY = 2**22 + 5  # Linux counts processes up to 2**22, others lower


@pytest.mark.parametrize(
    "settings, stays",
    [
        ({}, True),  # another thread's
        ({"start": 12345}, False),  # an earlier process of this number
        ({"number": NOBODY, "start": 7}, False),
        ({"number": NOBODY, "start": 7, "host": 1}, True),
        ({"number": NOBODY, "start": 7, "stem": "model.jsonx"}, True),
        ({"number": NOBODY, "start": 7, "stem": "a.model.json"}, True),
        ({"start": 0, "age": 60.0}, True),  # of unknown start: by its age
        ({"start": 0, "age": 2 * atomic.LONG_AGO}, False),
        ({"number": 2**70, "start": 7}, False),
    ],
    ids=range(9),
)
def test_whose_files_are_removed(tmp_path, settings, stays):
    if settings.get("start") == 12345 and atomic.start_of(os.getpid()) is None:
        pytest.skip("this system does not tell when a process began")
    path = left(tmp_path, **settings)
    Network([2, 1]).save(tmp_path / "model.json")
    assert path.exists() is stays


def test_where_nobody_says_when_processes_began_age_decides(tmp_path, monkeypatch):
    monkeypatch.setattr(atomic, "start_of", lambda number: None)
    new, old = left(tmp_path, start=7), left(tmp_path, start=8, age=2 * atomic.LONG_AGO)
    Network([2, 1]).save(tmp_path / "model.json")
    assert new.exists() and not old.exists()


def test_folders_and_links_of_such_names_do_no_harm(tmp_path):
    left(tmp_path, number=NOBODY, start=7).unlink()
    name = f"model.json.{atomic.host():08x}.{NOBODY:x}.7.0123abcd.tmp"
    (tmp_path / name).mkdir()
    Network([2, 1]).save(tmp_path / "model.json")
    assert (tmp_path / name).is_dir()


@pytest.mark.parametrize("name", ["m" * 250, "ü" * 125, "model*?[a].json"])
def test_names_of_any_length(tmp_path, name):
    path = tmp_path / name
    Network([2, 1]).save(path)
    Network([2, 3, 1]).save(path)
    assert os.listdir(tmp_path) == [name] and Network.load(path).sizes == [2, 3, 1]
    stem = os.path.basename(atomic.stem(str(path)))
    stale = left(tmp_path, number=NOBODY, start=7, stem=stem)
    Network([2, 1]).save(path)
    assert not stale.exists()
