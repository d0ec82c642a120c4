"""Runs ductus-server for a check."""
import http.client
import os
import re
import signal
import struct
import subprocess
import sys
import tempfile
import time
import zlib

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
SAMPLE = os.path.join(ROOT, "Examples/SamplePage/sample.png")


class Service:
    """A server of its own, on a free port, stopped at the end of a `with`."""

    def __init__(self, program, *options, before=()):
        self.log = tempfile.NamedTemporaryFile("r+", suffix=".log")
        self.process = subprocess.Popen([*before, program, "--port", "0", *options], stdout=self.log, stderr=self.log)
        self.port = int(self._wait_for(r"Ductus is at https?://[^ ]*:(\d+)"))

    def _wait_for(self, pattern):
        deadline = time.monotonic() + 120
        while time.monotonic() < deadline and self.process.poll() is None:
            found = re.search(pattern, self.text())
            if found:
                return found[1]
            time.sleep(0.05)
        sys.exit(f"The server did not start:\n{self.text()}")

    def text(self):
        with open(self.log.name, errors="replace") as file:
            return file.read()

    def wait_until_ready(self):
        deadline = time.monotonic() + 120
        while self.get("/v2/health/ready")[0] != 200:
            if time.monotonic() > deadline:
                sys.exit("The server does not become ready.")
            time.sleep(0.05)

    def request(self, method, path, body=None, headers={}, timeout=60):
        """The status, the fields, and the body of the answer."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout)
        try:
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            return answer.status, answer.headers, answer.read()
        finally:
            connection.close()

    def get(self, path, **options):
        return self.request("GET", path, **options)

    def post(self, path, body, type="image/png", **options):
        return self.request("POST", path, body, {"Content-Type": type} if type else {}, **options)

    @property
    def pid(self):
        """The process of the server, which another may have started."""
        children = f"/proc/{self.process.pid}/task/{self.process.pid}/children"
        with open(f"/proc/{self.process.pid}/comm") as name:
            if name.read().startswith("ductus"):
                return self.process.pid
        with open(children) as file:
            return int(file.read().split()[0])

    def peak_megabytes(self):
        with open(f"/proc/{self.pid}/status") as file:
            return int(re.search(r"VmHWM:\s*(\d+)", file.read())[1]) / 1024

    def terminate(self):
        os.kill(self.pid, signal.SIGTERM)

    def __enter__(self):
        return self

    def __exit__(self, *error):
        if self.process.poll() is None:
            self.terminate()
            try:
                self.process.wait(20)
            except subprocess.TimeoutExpired:
                self.process.kill()


def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(width, height, rows=None, extra=b"", depth=8, color=0):
    """A PNG; with rows of its own, whether they fit or not."""
    header = struct.pack(">IIBBBBB", width, height, depth, color, 0, 0, 0)
    data = rows if rows is not None else b"".join(
        b"\0" + bytes(0 if 8 <= x < width - 8 and y == height // 2 else 255 for x in range(width)) for y in range(height))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + extra + chunk(b"IDAT", zlib.compress(data)) + chunk(b"IEND", b"")
