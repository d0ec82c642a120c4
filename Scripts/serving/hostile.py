#!/usr/bin/env python3
"""Sends a server more than a thousand hostile requests, and addresses that lead elsewhere; then slow connections.

    hostile.py PROGRAM [--count 1300] [--seed 1]

Every request must be answered with 4xx, or, where it is not even HTTP, with an end of the connection, within the deadline. No
connection may reach a place that is not public, and, where strace can be had, no file may be opened. Runs in network and mount
namespaces of its own, where a public address and a name server are ours; needs Linux, and the right to make namespaces.
"""
import argparse
import base64
import collections
import concurrent.futures
import json
import os
import random
import re
import shutil
import socket
import socketserver
import struct
import subprocess
import sys
import tempfile
import threading
import time
import urllib.parse
import zlib

from service import ROOT, SAMPLE, Service, chunk, png

arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
arguments.add_argument("program")
arguments.add_argument("--count", type=int, default=1300)
arguments.add_argument("--seed", type=int, default=1)
arguments.add_argument("--slow", type=int, default=200, help="slow connections")
options = arguments.parse_args()

PUBLIC = "1.2.3.4"
PRIVATE = ["127.0.0.1", "169.254.169.254", "10.0.0.1"]
DEADLINE, RECEIVING = 20, 5
# What looking up names reads, certificates for https, and what the library of threads asks about its own.
ALLOWED_FILES = re.compile(
    r"/etc/(resolv\.conf|hosts|host\.conf|nsswitch\.conf|gai\.conf|services|ld\.so\.cache|ssl/)|/lib/|/usr/(lib|share/zoneinfo)"
    r"|/run/(nscd|systemd/resolve)|/var/run/nscd|/usr/share/ca-certificates|/proc/\d+/stat$"
    # The state of a file that is open has no name, the resolver looks at the root, and pools count the processors.
    r"|/?$|/sys/(devices/system/cpu/online|fs/cgroup/(cpu/cpu\.cfs_\w+_us|cpuset/cpuset\.cpus|cpu\.max))$")


def enter_namespaces():
    if os.environ.get("IN_NAMESPACE"):
        return
    os.environ["IN_NAMESPACE"] = "1"
    command = ["unshare", "--net", "--mount"] + (["--map-root-user"] if os.geteuid() else [])
    os.execvp("unshare", command + [sys.executable, os.path.abspath(__file__), *sys.argv[1:]])


def prepare_network(folder):
    def run(*command):
        subprocess.run(command, check=True)

    run("ip", "link", "set", "lo", "up")
    for address in [PUBLIC, *PRIVATE[1:]]:
        run("ip", "address", "add", f"{address}/32", "dev", "lo")
    for name, text in [("resolv.conf", "nameserver 127.0.0.1\noptions timeout:1 attempts:1\n"),
                       ("hosts", "127.0.0.1 localhost\n"), ("nsswitch.conf", "hosts: files dns\n")]:
        path = os.path.join(folder, name)
        with open(path, "w") as file:
            file.write(text)
        if os.path.exists(f"/etc/{name}"):
            run("mount", "--bind", path, os.path.realpath(f"/etc/{name}"))


class NameServer(threading.Thread):
    """Answers for names that end in .test; `rebind` has a public address every other time only."""

    def __init__(self):
        super().__init__(daemon=True)
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind(("127.0.0.1", 53))
        self.asked = collections.Counter()
        self.start()

    def address(self, name):
        self.asked[name] += 1
        return {
            "public.test": PUBLIC, "private.test": "127.0.0.1", "metadata.test": "169.254.169.254", "intranet.test": "10.0.0.1",
            "rebind.test": PUBLIC if self.asked[name] % 2 else "127.0.0.1",
        }.get(name)

    def run(self):
        while True:
            question, client = self.socket.recvfrom(512)
            try:
                labels, place = [], 12
                while question[place]:
                    labels.append(question[place + 1:place + 1 + question[place]].decode("latin-1"))
                    place += 1 + question[place]
                kind = struct.unpack(">H", question[place + 1:place + 3])[0]
                name = ".".join(labels).lower()
                if name == "silent.test":
                    continue
                address = self.address(name) if kind == 1 else None
                known = address or name.endswith(".test") and kind != 1
                header = question[:2] + struct.pack(">HHHHH", 0x8180 if known else 0x8183, 1, 1 if address else 0, 0, 0)
                answer = header + question[12:place + 5]
                if address:
                    answer += b"\xc0\x0c" + struct.pack(">HHIH", 1, 1, 0, 4) + socket.inet_aton(address)
                self.socket.sendto(answer, client)
            except (IndexError, struct.error):
                continue


class Trap(threading.Thread):
    """Listens where nobody may connect to, and remembers who did."""

    def __init__(self, address, port):
        super().__init__(daemon=True)
        self.place, self.count = f"{address}:{port}", 0
        self.socket = socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET)
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.socket.bind((address, port))
        self.socket.listen()
        self.start()

    def run(self):
        while True:
            self.socket.accept()[0].close()
            self.count += 1


class Internet(socketserver.ThreadingMixIn, socketserver.TCPServer):
    """What is at the public address: an image, and what is none."""

    allow_reuse_address = daemon_threads = True


class Page(socketserver.StreamRequestHandler):
    def handle(self):
        path = self.rfile.readline(4096).split(b" ")[1:2]
        while self.rfile.readline(4096).strip():
            pass
        write = self.wfile.write
        try:
            match path[0] if path else b"":
                case b"/line.png":
                    body = png(200, 30)
                    write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(body) + body)
                case b"/moved":
                    write(b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1/line.png\r\nContent-Length: 0\r\n\r\n")
                case b"/endless":
                    write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
                    while True:
                        write(b"10000\r\n" + b"\0" * 65536 + b"\r\n")
                case b"/drip":
                    write(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")
                    while True:
                        write(b"\0")
                        time.sleep(0.5)
                case b"/silent":
                    time.sleep(30)
                case b"/text":
                    write(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello")
                case b"/long":
                    write(b"HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n" + b"\0" * 1000)
                case b"/nonsense":
                    write(b"220 mail.example ESMTP\r\n")
                case b"/fields":
                    write(b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 100_000)
                case _:
                    write(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n")
        except OSError:
            pass


def originals():
    """Small images in every format that is accepted, some of them damaged already."""
    folder = os.path.join(ROOT, "Tests/Fixtures/images")
    images = [png(120, 24), png(40, 40)]
    for name in ["gray.jpg", "progressive.jpg", "restart.jpg", "cmyk.jpg", "lossy.webp", "lossless.webp", "palette.png"]:
        with open(os.path.join(folder, name), "rb") as file:
            images.append(file.read())
    return images


def bombs():
    """Images that promise, or really have, much more than their bytes."""
    zeros = zlib.compressobj(9)
    packed = b"".join(zeros.compress(b"\0" * (1 << 20)) for _ in range(200)) + zeros.flush()
    head = b"\x89PNG\r\n\x1a\n"
    for width, height in [(65_000, 65_000), (1, 2**31 - 1), (2**31 - 1, 2**31 - 1), (0, 10), (10, 0), (100_000, 100_000)]:
        header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
        yield head + chunk(b"IHDR", header) + chunk(b"IDAT", packed[:50_000]) + chunk(b"IEND", b"")
    yield head + chunk(b"IHDR", struct.pack(">IIBBBBB", 10, 10, 8, 2, 0, 0, 0)) + chunk(b"zTXt", b"a\0\0" + packed) + b"cut"
    yield head + chunk(b"IHDR", struct.pack(">IIBBBBB", 10, 10, 8, 2, 0, 0, 0)) + chunk(b"iCCP", b"a\0\0" + packed) + b"cut"
    yield head + chunk(b"IHDR", struct.pack(">IIBBBBB", 10, 10, 8, 0, 0, 0, 0)) + struct.pack(">I", 2**31 - 1) + b"IDAT" + packed
    yield b"\xff\xd8\xff\xc0\x00\x11\x08\xff\xff\xff\xff\x03\x01\x22\x00\x02\x11\x01\x03\x11\x01" + b"\0" * 500
    yield b"RIFF\xff\xff\xff\x7fWEBPVP8X\x0a\0\0\0\0\0\0\0\xff\xff\xff\xff\xff\xff" + b"\0" * 100
    yield b"RIFF\x20\0\0\0WEBPVP8L\x14\0\0\0\x2f\xff\xff\xff\x0f" + b"\0" * 16


def deep(depth):
    yield "[" * depth
    yield "[" * depth + "]" * depth
    yield '{"image":' * depth + "1" + "}" * depth
    yield '{"a":[' * depth


def documents(random):
    """JSON that is none, or says nothing that is known."""
    yield from (text for depth in (65, 1000, 100_000, 1_000_000) for text in deep(depth))
    yield "[" + "1," * 2_000_000 + "1]"
    yield '{"image": [' + '"",' * 1_500_000 + '""]}'
    yield '{"image": "' + "A" * 10_000_000
    yield '{"image": ' + "9" * 1_000_000 + "}"
    yield '{"image": 1e' + "9" * 100_000 + "}"
    yield '{' + ",".join(f'"k{n}": 1' for n in range(200_000)) + "}"
    good = base64.b64encode(png(40, 40)).decode()
    for text in [good, good[:-1], good + "=", good.replace("A", "*"), good[:7] + "\\n" + good[7:], good.rstrip("=") + "===",
                 "", "=", "====", "%41", good + ",", "AA AA", "\\u0000", good * 2]:
        for head in ["data:image/png;base64,,", "data:text/html;base64,", "data:image/png,", "data:;base64,", "data:image/png;base64;x,",
                     "image/png;base64,", "data:application/x-python;base64,", ""]:
            yield json.dumps({"image": head + text})
    for text in ["/etc/passwd", "../../etc/passwd", "file:///etc/passwd", "http://127.0.0.1/line.png", "http://1.2.3.4/line.png",
                 "\\\\host\\share", "C:\\Windows", "~root/.ssh/id_rsa", "/dev/zero", "/proc/self/environ", "|id", "$(id)", "`id`",
                 "http://[::1]/", "ftp://1.2.3.4/", "gopher://1.2.3.4/_", "dict://1.2.3.4/", "jar:http://1.2.3.4!/", "php://input"]:
        for key in ["image", "images", "image_url", "url", "path", "file", "__proto__", "constructor"]:
            yield json.dumps({key: text})
            yield json.dumps({key: [text]})
    for text in ["", " ", "null", "true", "NaN", "-", "'", '"', "{", "{]", '{"image": "a", "image": "b"}', "\ufeff{}", "[]", "{}",
                 '{"image": null}', '{"image": {}}', '{"images": []}', '{"images": [1]}', '{"images": {}}', "\0", "{}{}", "{} x",
                 '{"image": "\\ud800"}', '{"image": "\\x"}', "<xml/>", "!!python/object/apply:os.system [id]"]:
        yield text


def bytes_of_json(random):
    for text in documents(random):
        yield text.encode("utf-8", "surrogatepass")
    for _ in range(20):
        yield b'{"image": "' + random.randbytes(50) + b'"}'


def forms(random):
    part = b'--x\r\nContent-Disposition: form-data; name="image"; filename="%s"\r\nContent-Type: image/png\r\n\r\n%s\r\n'
    broken = png(40, 40)[:-20]
    for name in [b"../../etc/passwd", b"/etc/cron.d/x", b"a\0.png", b"\xff\xfe", b"CON", b"a" * 100_000, b'"; filename="/x']:
        yield part % (name, broken) + b"--x--\r\n"
    yield (part % (b"a", broken)) * 5000 + b"--x--\r\n"
    yield b"--x\r\n" * 10_000
    yield b"--x--"
    yield b"--y\r\n\r\n\r\n--y--\r\n"
    yield b"--x\r\n" + b"A: b\r\n" * 100_000 + b"\r\n\r\n--x--"
    yield b"--x\r\nContent-Disposition: form-data; name=\"text\"\r\n\r\nhello\r\n--x--\r\n"
    yield b""
    for _ in range(20):
        yield b"--x" + random.randbytes(200)


def inferences(random):
    def tensor(**members):
        return json.dumps({"inputs": [dict({"name": "image", "shape": [1], "datatype": "BYTES", "data": ["AAAA"]}, **members)]})

    for shape in [[-1], [0], [2**62, 4], [1] * 1000, [1e9], ["1"], [[1]], None, [28, 28], [2**31, 2**31, 3]]:
        for datatype in ["BYTES", "UINT8", "FP32", "FP64", "", None, 7]:
            yield tensor(shape=shape, datatype=datatype).encode(), {}
    for length in ["-1", "0", "5", "99999999999999999999", "abc", "1e3"]:
        yield tensor().encode(), {"Inference-Header-Content-Length": length}
    for size in [-1, 2**63, 1.5, "4", 10**30]:
        text = tensor(parameters={"binary_data_size": size}, data=None).encode()
        yield text + b"\xff\xff\xff\x7f", {"Inference-Header-Content-Length": str(len(text))}


def addresses():
    """What must not be fetched: its status is 4xx, and nobody is asked but the public address."""
    spellings = ["127.0.0.1", "127.1", "127.0.1", "2130706433", "0x7f000001", "0x7f.1", "017700000001", "0177.0.0.01", "0", "0.0.0.0",
                 "localhost", "LocalHost", "localhost.", "169.254.169.254", "2852039166", "0xa9fea9fe", "0251.0376.0251.0376",
                 "169.254.43518", "10.0.0.1", "167772161", "012.0.0.1", "[::1]", "[::]", "[::ffff:127.0.0.1]", "[::ffff:a9fe:a9fe]",
                 "[0:0:0:0:0:ffff:7f00:1]", "[::127.0.0.1]", "[64:ff9b::7f00:1]", "[2002:7f00:1::]", "[fe80::1]", "[fc00::1]",
                 "[::ffff:0:127.0.0.1]", "private.test", "metadata.test", "intranet.test", "PRIVATE.test", "private.test.",
                 "unknown.test", "127.0.0.1.nip.test", "1.2.3.4@127.0.0.1", "127.0.0.1#@1.2.3.4", "1.2.3.4\\@127.0.0.1",
                 "127.0.0.1%23@1.2.3.4", "%31%32%37.0.0.1", "\u2460\u2461\u2466.0.0.1", "127\u30020\u30020\u30021", "1.2.3.4:80@127.0.0.1",
                 "0.0.0.0:80", "[::ffff:127.0.0.1]:80", "127.0.0.1:22", "1.2.3.4:8080", "metadata.google.internal"]
    for host in spellings:
        for scheme in ["http", "https", "HTTP"]:
            yield f"{scheme}://{host}/latest/meta-data/"
    for scheme in ["file", "ftp", "gopher", "dict", "ldap", "jar", "data", "javascript", "unix", "sftp", "tftp", "telnet", "netdoc", ""]:
        for rest in ["/etc/passwd", "///etc/passwd", "//127.0.0.1/etc/passwd", "//1.2.3.4/line.png"]:
            yield f"{scheme}:{rest}"
    for path in ["/etc/passwd", "../../../etc/passwd", "..%2f..%2fetc/passwd", "%00", "", " ", "\r\nHost: 127.0.0.1", "//127.0.0.1/",
                 "http:/127.0.0.1/", "http:127.0.0.1", "http://", "https://:80/", "http://1.2.3.4:0/", "http://1.2.3.4:65536/",
                 "http://1.2.3.4/\r\nX: y", "http://" + "a" * 3000, "http://1.2.3.4/" + "a" * 3000, "/proc/self/environ", "/dev/zero"]:
        yield path
    for path in ["moved", "text", "long", "nonsense", "fields", "nothing", "endless", "drip", "silent"]:
        yield f"http://public.test/{path}"
    yield "http://silent.test/line.png"


def raw_requests(random):
    """What is hardly HTTP; the connection may also just end."""
    head = b"POST /v1/read HTTP/1.1\r\nHost: a\r\nContent-Type: image/png\r\n"
    chunked = head + b"Transfer-Encoding: chunked\r\n"
    for size in [b"-1", b"zz", b"", b"ffffffffffffffff", b"7fffffffffffffff", b"0x5", b"5;" + b"a" * 100_000, b"+5", b" 5", b"5 5"]:
        yield chunked + b"\r\n" + size + b"\r\nhello\r\n0\r\n\r\n"
    yield chunked + b"\r\n5\r\nhello"
    yield chunked + b"\r\n5\r\nhelloXX0\r\n\r\n"
    yield chunked + b"\r\n" + b"1\r\na\r\n" * 20_000 + b"0\r\n\r\n"
    yield chunked + b"Content-Length: 5\r\n\r\nhello"
    yield chunked + b"Transfer-Encoding: identity\r\n\r\n5\r\nhello\r\n0\r\n\r\n"
    yield head + b"Transfer-Encoding: xchunked\r\n\r\nhello"
    yield head + b"Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello!"
    for length in [b"-5", b"5a", b"+5", b"99999999999999999999999", b"5, 5", b" "]:
        yield head + b"Content-Length: " + length + b"\r\n\r\nhello"
    yield head + b"Content-Encoding: gzip\r\nContent-Length: 3\r\n\r\n\x1f\x8b\x08"
    yield b"POST /v1/read HTTP/9.9\r\n\r\n"
    yield b"GET " + b"/" * 200_000 + b" HTTP/1.1\r\n\r\n"
    yield b"GET / HTTP/1.1\r\n" + b"A: b\r\n" * 50_000 + b"\r\n"
    yield b"GET / HTTP/1.1\r\nA: " + b"b" * 500_000 + b"\r\n\r\n"
    yield b"GET /\0 HTTP/1.1\r\n\r\n"
    yield b"\x16\x03\x01\x02\0\x01\0\x01\xfc\x03\x03" + random.randbytes(300)
    yield b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
    yield b"\r\n" * 1000
    for _ in range(30):
        yield random.randbytes(random.randrange(1, 2000))


def requests(random):
    """Kinds, methods, paths, bodies, and fields of hostile requests, in any number."""
    image, text = {"Content-Type": "image/png"}, {"Content-Type": "application/json"}
    for bomb in bombs():
        yield "bomb", "POST", "/v1/read", bomb, image
        yield "bomb", "POST", "/v1/predict", json.dumps({"image": "data:image/png;base64," + base64.b64encode(bomb).decode()}), text
    for body in bytes_of_json(random):
        yield "JSON", "POST", random.choice(["/v1/predict", "/v1/ocr", "/v1/read", "/v1/convert", "/v1/feedback"]), body, text
    # A page with a number that is none of its kind, and many more to look for it among.
    page = '{"image":"","lines":[],"width":1.5,' + ",".join(f'"k{n}":1' for n in range(200_000)) + "}"
    yield "JSON", "POST", "/v1/convert", page.encode(), text
    for body in forms(random):
        yield "form", "POST", "/v1/read", body, {"Content-Type": "multipart/form-data; boundary=x"}
    for body, fields in inferences(random):
        yield "inference", "POST", f"/v2/models/{random.choice(['pages', 'lines', 'characters'])}/infer", body, fields
    for address in addresses():
        yield "address", "GET", "/v1/predict?image_url=" + urllib.parse.quote(address, safe=""), None, {}
    for raw in raw_requests(random):
        yield "raw", None, None, raw, {}
    for type in ["text/plain", "text/html", "application/xml", "application/x-www-form-urlencoded", "application/zip", "video/mp4",
                 "multipart/form-data", "multipart/form-data; boundary=", "multipart/mixed; boundary=x", "application/json; charset=utf-7",
                 "image", "/", ";", "image/svg+xml", "application/x-ndjson", "a" * 5000]:
        yield "type", "POST", "/v1/read", b"<svg/>", {"Content-Type": type}
    for path in ["/../etc/passwd", "/%2e%2e/etc/passwd", "/v1/../metrics", "/page.css/../../x", "//etc/passwd", "/v2/models/..%2f..%2f/infer",
                 "/v1/read/", "/.git/config", "/v2/models/pages/versions/../infer", "/%00"]:
        yield "path", "GET", path, None, {}
        yield "path", "POST", path, b"x", {}
    images = originals()
    while True:
        original = random.choice(images)
        if random.random() < 0.5:
            yield "cut JPEG" if original.startswith(b"\xff\xd8") else "cut", "POST", "/v1/read", original[:random.randrange(len(original) - len(original) // 8)], image
        else:
            changed = bytearray(original)
            for _ in range(random.randrange(1, 20)):
                changed[random.randrange(len(changed))] = random.randrange(256)
            yield "changed", "POST", "/v1/read", bytes(changed), image


def send_raw(service, data):
    with socket.create_connection(("127.0.0.1", service.port), timeout=DEADLINE) as connection:
        try:
            connection.sendall(data)
            connection.shutdown(socket.SHUT_WR)
            begin = b""
            while len(begin) < 12:
                piece = connection.recv(100)
                if not piece:
                    return "ended"
                begin += piece
            return int(begin[9:12]) if begin.startswith(b"HTTP/1.1 ") else "no HTTP"
        except ConnectionError:
            return "ended"


def send(service, request):
    kind, method, path, body, fields = request
    start = time.monotonic()
    try:
        if kind == "raw":
            status = send_raw(service, body)
        else:
            try:
                status = service.request(method, path, body, fields, timeout=DEADLINE + 5)[0]
            except (ConnectionError, BrokenPipeError):
                # A body that is too long for the server is not read to its end.
                status = "ended"
    except OSError as error:
        status = type(error).__name__
    return status, time.monotonic() - start


def is_right(kind, status):
    if isinstance(status, int) and 400 <= status < 500:
        return True
    # A changed image may still be one, and a JPEG without its end may have all rows in less detail; they are read then.
    return kind in ("changed", "cut JPEG") and status == 200 or kind in ("raw", "form", "JSON") and status == "ended"


def check_hostile(service, random):
    chosen = [request for request, _ in zip(requests(random), range(options.count))]
    random.shuffle(chosen)
    counts, wrong, slowest = collections.defaultdict(collections.Counter), [], 0
    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        for request, (status, seconds) in zip(chosen, pool.map(lambda request: send(service, request), chosen)):
            counts[request[0]][status] += 1
            slowest = max(slowest, seconds)
            if not is_right(request[0], status) or seconds > DEADLINE:
                wrong.append((request[0], request[1], request[2], (request[3] or b"")[:80], status, round(seconds, 1)))
    for kind in sorted(counts):
        print(f"  {kind:10}" + ", ".join(f"{count} × {status}" for status, count in counts[kind].most_common()))
    print(f"  {len(chosen)} requests, the slowest answered after {slowest:.1f} s; "
          f"{service.peak_megabytes():.0f} MB of memory at most.")
    return wrong


def check_rebinding(service, names):
    """A name that is public when it is looked up first, and private the second time, is connected to where it was public."""
    wrong = []
    for _ in range(6):
        asked = names.asked["rebind.test"]
        status = service.get("/v1/predict?image_url=http://rebind.test/line.png")[0]
        lookups = names.asked["rebind.test"] - asked
        if (status, lookups) not in ((200, 1), (403, 1)):
            wrong.append(("rebinding", status, f"{lookups} lookups"))
    return wrong


def check_slow(service):
    """Connections that drip: heads on half of them, bodies on the others. All end in time, and others do not notice."""
    start = time.monotonic()
    connections = []
    for index in range(options.slow):
        connection = socket.create_connection(("127.0.0.1", service.port))
        connection.sendall(b"POST /v1/read HTTP/1.1\r\nHost: a\r\nContent-Type: image/png\r\n"
                           + (b"Content-Length: 100000\r\n\r\n" if index % 2 else b""))
        connection.setblocking(False)
        connections.append(connection)
    wrong, others = [], 0
    while connections and time.monotonic() < start + RECEIVING + 5:
        for connection in list(connections):
            try:
                connection.send(b"A" if connections.index(connection) % 2 else b"A: b\r\n"[:1])
                if connection.recv(1000) == b"":
                    connections.remove(connection)
            except BlockingIOError:
                continue
            except OSError:
                connections.remove(connection)
        status, _, body = service.post("/v1/read?lines=true", png(120, 24))
        others += 1
        if status != 200:
            wrong.append(("beside slow connections", status, body[:80]))
    if connections:
        wrong.append(("slow connections", f"{len(connections)} are still open after {RECEIVING + 5} s"))
    print(f"  {options.slow} slow connections ended after {time.monotonic() - start:.1f} s; {others} other requests were answered.")
    return wrong


def opened_files(path):
    """The files that a traced server opened, or looked for, apart from those that names need."""
    with open(path, errors="replace") as file:
        calls = [re.search(r'"([^"]*)"', line) for line in file if "execve" not in line]
    return sorted({call[1] for call in calls if call and not ALLOWED_FILES.match(call[1])})


def main():
    enter_namespaces()
    generator = random.Random(options.seed)
    with tempfile.TemporaryDirectory() as folder:
        prepare_network(folder)
        names = NameServer()
        traps = [Trap(address, port) for address in [*PRIVATE, "::1"] for port in (80, 443)]
        internet = Internet((PUBLIC, 80), Page)
        threading.Thread(target=internet.serve_forever, daemon=True).start()
        with Service(options.program, "--image-hosts", "*", "--deadline", str(DEADLINE), "--receiving", str(RECEIVING), "--queue", "64",
                     "--feedback", os.path.join(folder, "feedback"), "--connections", str(options.slow + 50), "--log", "error") as service:
            service.wait_until_ready()
            expected = service.post("/v1/read", open(SAMPLE, "rb").read())[2]
            trace = trace_files(service, folder)
            wrong = []
            if service.get("/v1/predict?image_url=http://public.test/line.png")[0] != 200:
                wrong.append(("an image at a public address is not read",))
            wrong += check_hostile(service, generator) + check_rebinding(service, names) + check_slow(service)
            if service.post("/v1/read", open(SAMPLE, "rb").read())[2] != expected:
                wrong.append(("afterwards, the sample page is read otherwise",))
            if os.listdir(os.path.join(folder, "feedback")):
                wrong.append(("corrections were kept",))
            if trace:
                trace[0].terminate()
                trace[0].wait()
                wrong += [("a file was opened", name) for name in opened_files(trace[1])]
            else:
                print("  strace is not here, or may not trace; whether files were opened was not checked.")
        wrong += [("a private address was reached", trap.place, trap.count) for trap in traps if trap.count]
        for entry in wrong:
            print("  wrong:", *entry)
        sys.exit(1 if wrong else 0)


def trace_files(service, folder):
    """A trace of all calls of the server that name a file, and where it is written; nil where that cannot be had."""
    if not shutil.which("strace"):
        return None
    path = os.path.join(folder, "trace")
    process = subprocess.Popen(["strace", "-f", "-qq", "-e", "trace=%file", "-o", path, "-p", str(service.pid)], stderr=subprocess.DEVNULL)
    time.sleep(2)
    return (process, path) if process.poll() is None else None


main()
