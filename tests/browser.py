"""Chromium without a window, as a reader of pages: keys are pressed, and what stands there is asked
for.

It is led through its DevTools protocol (https://chromedevtools.github.io/devtools-protocol): one
JSON object after the other, each ended by a zero byte, on the file descriptors 3 and 4 of its
process.
"""

import json
import os
import shutil
import subprocess
import sys
from base64 import b64decode
from select import select

PATIENCE = 60.0  # seconds
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
ARGUMENTS = [
    "--headless", "--remote-debugging-pipe", "--no-sandbox", "--disable-gpu", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
    "--disable-dev-shm-usage", "about:blank",
]
CODES = {"Tab": 9, "End": 35, "Home": 36, "ArrowLeft": 37, "ArrowUp": 38, "ArrowRight": 39,
         "ArrowDown": 40}

START = """
import fcntl, os, sys
away = [fcntl.fcntl(int(told), fcntl.F_DUPFD, 10) for told in sys.argv[1:3]]
os.dup2(away[0], 3)
os.dup2(away[1], 4)
os.execv(sys.argv[3], sys.argv[3:])
"""


def path():
    """Where it is, or None; also where it cannot be handed file descriptors."""
    if os.name == "nt":
        return None
    return next(filter(None, map(shutil.which, NAMES)), None)


class Browser:
    """`problems` are errors of pages' scripts; `requests` all addresses that were asked for."""

    def __init__(self, folder):
        reading, theirs = os.pipe()
        ours, writing = os.pipe()
        self.process = subprocess.Popen(
            [sys.executable, "-c", START, str(ours), str(theirs), path(), *ARGUMENTS,
             f"--user-data-dir={folder}"],
            pass_fds=(ours, theirs), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            env={**os.environ, "HOME": str(folder)},
        )
        os.close(ours)
        os.close(theirs)
        self.reading, self.writing = open(reading, "rb", 0), open(writing, "wb", 0)
        self.rest, self.last, self.session = b"", 0, None
        self.problems, self.requests = [], []
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        self.session = self.call(
            "Target.attachToTarget", targetId=target, flatten=True
        )["sessionId"]
        for domain in ("Page", "Runtime", "Network", "Log"):
            self.call(f"{domain}.enable")

    def close(self):
        self.process.kill()
        self.process.wait()
        self.reading.close()
        self.writing.close()

    def message(self):
        while b"\0" not in self.rest:
            assert select([self.reading], [], [], PATIENCE)[0], "the browser does not answer"
            read = os.read(self.reading.fileno(), 1 << 20)
            assert read, "the browser has ended"
            self.rest += read
        text, _, self.rest = self.rest.partition(b"\0")
        found = json.loads(text)
        told = found.get("params", {})
        if found.get("method") == "Network.requestWillBeSent":
            self.requests.append(told["request"]["url"])
        elif found.get("method") == "Runtime.exceptionThrown":
            self.problems.append(told["exceptionDetails"])
        elif found.get("method") == "Log.entryAdded":
            self.problems.append(told["entry"])
        return found

    def call(self, method, **parameters):
        self.last += 1
        told = {"id": self.last, "method": method, "params": parameters}
        if self.session:
            told["sessionId"] = self.session
        self.writing.write(json.dumps(told).encode() + b"\0")
        while True:
            found = self.message()
            if found.get("id") == self.last:
                assert "error" not in found, found
                return found["result"]

    def look(self, width, height=800, dark=False):
        self.call("Emulation.setDeviceMetricsOverride", width=width, height=height,
                  deviceScaleFactor=1, mobile=width < 600)
        self.call("Emulation.setEmulatedMedia", features=[
            {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        ])

    def open(self, page):
        self.call("Page.navigate", url=page.resolve().as_uri())
        while self.message().get("method") != "Page.loadEventFired":
            pass

    def press(self, key):
        told = {"key": key, "code": key, "windowsVirtualKeyCode": CODES[key]}
        self.call("Input.dispatchKeyEvent", type="rawKeyDown", **told)
        self.call("Input.dispatchKeyEvent", type="keyUp", **told)

    def ask(self, expression):
        """The value of a JavaScript expression."""
        return self.call("Runtime.evaluate", expression=expression, returnByValue=True)[
            "result"
        ].get("value")

    def picture(self, file):
        """Of the whole page, as PNG: for people who look at it."""
        told = self.call("Page.captureScreenshot", captureBeyondViewport=True)
        file.write_bytes(b64decode(told["data"]))
