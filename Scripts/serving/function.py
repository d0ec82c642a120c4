#!/usr/bin/env python3
"""Runs a function as AWS Lambda does, with a runtime API of its own: function.py FOLDER, with bootstrap in the folder.

Sends events of API Gateway, a function URL, a load balancer, and another program, and checks the answers. With --reference
PYTHON, which has awslambdaric, the same API first serves a function of the official client, which shows that it is faithful.
"""
import argparse
import base64
import http.server
import json
import os
import queue
import re
import subprocess
import sys
import tempfile
import threading
import time
import uuid

from service import SAMPLE, png

arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
arguments.add_argument("folder")
arguments.add_argument("--reference", metavar="PYTHON")
options = arguments.parse_args()
NAME = "arn:aws:lambda:us-east-1:000000000000:function:ductus"


class RuntimeAPI(http.server.ThreadingHTTPServer):
    """AWS Lambda developer guide, Using the Lambda runtime API for custom runtimes."""

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Invocation)
        self.events, self.results = queue.Queue(), queue.Queue()
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def invoke(self, event):
        """The kind of the result, response or error, and its document."""
        self.events.put(json.dumps(event).encode())
        return self.results.get(timeout=60)


class Invocation(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def answer(self, status, body, fields={}):
        self.send_response(status)
        for name, value in dict(fields, **{"Content-Type": "application/json", "Content-Length": str(len(body))}).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self):
        if self.path != "/2018-06-01/runtime/invocation/next":
            return self.answer(404, b"{}")
        event = self.server.events.get()
        self.answer(200, event, {
            "Lambda-Runtime-Aws-Request-Id": str(uuid.uuid4()), "Lambda-Runtime-Deadline-Ms": str(int((time.time() + 60) * 1000)),
            "Lambda-Runtime-Invoked-Function-Arn": NAME, "Lambda-Runtime-Trace-Id": "Root=1-5759e988-bd862e3fe1be46a994272793"})

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"])) if "Content-Length" in self.headers else self.read_chunks()
        found = re.fullmatch(r"/2018-06-01/runtime/(?:invocation/[0-9a-f-]{36}/(response|error)|init/(error))", self.path)
        if not found:
            return self.answer(404, b"{}")
        self.answer(202, b'{"status":"OK"}')
        self.server.results.put((found[1] or "init error", json.loads(body)))

    def read_chunks(self):
        body = b""
        while size := int(self.rfile.readline(), 16):
            body += self.rfile.read(size)
            self.rfile.readline()
        self.rfile.readline()
        return body


def environment(api, folder):
    """What a function has in its environment, and nothing else."""
    return {"AWS_LAMBDA_RUNTIME_API": f"127.0.0.1:{api.server_port}", "LAMBDA_TASK_ROOT": folder, "_HANDLER": "handler.handle",
            "AWS_LAMBDA_FUNCTION_NAME": "ductus", "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "3538", "AWS_REGION": "us-east-1",
            "PATH": "/usr/local/bin:/usr/bin/:/bin", "LANG": "en_US.UTF-8", "TZ": ":UTC"}


def check_reference():
    api = RuntimeAPI()
    with tempfile.TemporaryDirectory() as folder:
        with open(os.path.join(folder, "handler.py"), "w") as file:
            file.write("def handle(event, context):\n    return [event, context.invoked_function_arn]\n")
        process = subprocess.Popen([options.reference, "-m", "awslambdaric", "handler.handle"], cwd=folder,
                                   env=dict(environment(api, folder), PYTHONPATH=folder), stdout=subprocess.DEVNULL)
        try:
            found = api.invoke({"a": 1})
        finally:
            process.kill()
            process.wait()
    if found != ("response", [{"a": 1}, NAME]):
        sys.exit(f"The official client answers {found} to the runtime API of this check.")
    print("  The official client answers to the runtime API of this check.")


def web(method, path, body=b"", query="", **fields):
    """The event of a function URL, which is that of an HTTP API."""
    return {"version": "2.0", "rawPath": path, "rawQueryString": query, "headers": fields, "isBase64Encoded": True,
            "body": base64.b64encode(body).decode(), "requestContext": {"stage": "$default", "http": {"method": method, "path": path}}}


def main():
    if options.reference:
        check_reference()
    api, folder = RuntimeAPI(), os.path.abspath(options.folder)
    line, failures = png(400, 48), []
    start = time.monotonic()
    process = subprocess.Popen([os.path.join(folder, "bootstrap")], cwd=folder, env=environment(api, folder), stderr=subprocess.DEVNULL)

    def check(name, event, is_right):
        kind, found = api.invoke(event)
        if not is_right(kind, found):
            failures.append(f"{name}: {kind} {found}")

    try:
        check("a small image", {"image": "data:image/png;base64," + base64.b64encode(line).decode()},
              lambda kind, found: kind == "response" and isinstance(found["pred"], str))
        print(f"  The first answer came {time.monotonic() - start:.2f} s after the start.")
        with open(SAMPLE, "rb") as file:
            page = file.read()
        check("a function URL", web("POST", "/v1/read", page, "format=text", **{"content-type": "image/png"}),
              lambda kind, found: found["statusCode"] == 200 and found["body"].count("\n") == 7)
        check("its binary answer", web("POST", "/v1/read", page, "format=pdf", **{"content-type": "image/png"}),
              lambda kind, found: found["isBase64Encoded"] and base64.b64decode(found["body"]).startswith(b"%PDF-"))
        check("the web page", web("GET", "/", accept="text/html"), lambda kind, found: "<title>" in found["body"])
        check("a REST API", {"httpMethod": "GET", "path": "/v2/health/ready", "headers": {}, "requestContext": {"stage": "prod"}},
              lambda kind, found: found["statusCode"] == 200 and "headers" in found)
        check("a load balancer", {"httpMethod": "GET", "path": "/nothing", "multiValueHeaders": {}, "requestContext": {"elb": {}}, "body": ""},
              lambda kind, found: found["statusDescription"] == "404 Not Found" and "multiValueHeaders" in found)
        check("an event of another kind", {"Records": []}, lambda kind, found: kind == "error" and found["errorType"])
        with open(f"/proc/{process.pid}/status") as file:
            memory = int(re.search(r"VmHWM:\s*(\d+)", file.read())[1]) / 1024
        print(f"  {memory:.0f} MB of memory at most.")
    except queue.Empty:
        failures.append(f"no answer in time; the function {'runs' if process.poll() is None else 'ended with ' + str(process.returncode)}")
    finally:
        process.kill()
        process.wait()
    for failure in failures:
        print("  wrong:", failure)
    sys.exit(1 if failures else 0)


main()
