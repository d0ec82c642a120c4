#!/usr/bin/env python3
"""Other people's clients against a running server: clients.py ADDRESS. Needs tritonclient[http], numpy, and pillow."""
import base64
import io
import json
import sys
import urllib.request

import numpy
import tritonclient.http
from PIL import Image

from service import SAMPLE

address = sys.argv[1].rstrip("/")


def post(path, body, type, accept="application/json"):
    request = urllib.request.Request(address + path, body, {"Content-Type": type, "Accept": accept})
    with urllib.request.urlopen(request) as answer:
        return json.load(answer) if accept == "application/json" else answer.read().decode()


def line_of(page):
    """The first line of a page, cut out, as a PNG."""
    x, y, width, height = post("/v1/read", page, "image/png")["lines"][0]["box"]
    file = io.BytesIO()
    Image.open(io.BytesIO(page)).convert("L").crop((x, y, x + width, y + height)).save(file, "PNG")
    return file.getvalue()


def check(what, found, expected):
    if found != expected:
        sys.exit(f"{what}: {found!r} instead of {expected!r}")
    print(f"  {what}: {found!r}")


with open(SAMPLE, "rb") as file:
    page = file.read()
line = line_of(page)
text = post("/v1/read?lines=true", line, "image/png", "text/plain").rstrip("\n")
with open(SAMPLE.replace(".png", ".txt")) as file:
    first = file.readline().strip()
if sum(a != b for a, b in zip(text, first)) > 2:
    sys.exit(f"The first line of the sample page was read as {text!r}; it is {first!r}.")

# The interface of the original: an image of a line as a data URL.
data = {"image": "data:image/png;base64," + base64.b64encode(line).decode()}
for path in ("/v1/predict", "/v1/ocr"):
    check(f"the original's test of {path}", post(path, json.dumps(data).encode(), "application/json")["pred"], text)

client = tritonclient.http.InferenceServerClient(address.split("://")[1], ssl=address.startswith("https"))
assert client.is_server_live() and client.is_server_ready() and client.is_model_ready("lines")
assert client.get_model_metadata("pages")["inputs"][0]["name"] == "image"
for binary in (False, True):
    kind = "binary tensors" if binary else "JSON"
    # A binary element of BYTES is a file; in JSON, it is base64.
    element = line if binary else base64.b64encode(line)
    tensor = tritonclient.http.InferInput("image", [1], "BYTES")
    tensor.set_data_from_numpy(numpy.array([element], dtype=object), binary_data=binary)
    outputs = [tritonclient.http.InferRequestedOutput(name, binary_data=binary) for name in ("text", "confidence")]
    result = client.infer("lines", [tensor], outputs=outputs, request_id="7")
    found = result.as_numpy("text")[0]
    check(f"tritonclient, {kind}", found.decode() if isinstance(found, bytes) else found, text)
    assert 0 < result.as_numpy("confidence")[0] <= 1 and result.get_response()["id"] == "7"

    pixels = numpy.array(Image.open(io.BytesIO(line)).convert("L"))
    tensor = tritonclient.http.InferInput("image", list(pixels.shape), "UINT8")
    tensor.set_data_from_numpy(pixels, binary_data=binary)
    found = client.infer("lines", [tensor], outputs=outputs).as_numpy("text")[0]
    check(f"tritonclient, {kind}, pixels", found.decode() if isinstance(found, bytes) else found, text)

    digit = numpy.zeros([1, 28, 28], numpy.float32)
    digit[0, 4:24, 13:16] = 1
    tensor = tritonclient.http.InferInput("image", [1, 28, 28], "FP32")
    tensor.set_data_from_numpy(digit, binary_data=binary)
    found = client.infer("characters", [tensor], outputs=outputs).as_numpy("text")[0]
    check(f"tritonclient, {kind}, a character", found.decode() if isinstance(found, bytes) else found, "1")
