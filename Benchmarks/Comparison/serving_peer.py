"""The line reader behind FastAPI and ONNX Runtime, as such a service is usually written: POST /v1/predict with an image.

    uvicorn Comparison.serving_peer:app

The environment names the weights (LINE_READER), a folder for the ONNX file (FOLDER), and the threads (THREADS). The image is
prepared with Pillow and NumPy as Ductus prepares it, but for uneven lighting, which is left as it is.
"""
import io
import os
import unicodedata

import numpy
import onnxruntime
from fastapi import FastAPI, Request
from PIL import Image
from starlette.concurrency import run_in_threadpool

from Comparison.onnx_lines import export

path = os.path.join(os.environ["FOLDER"], "lines.onnx")
characters, recipe = export(os.environ["LINE_READER"], path)
options = onnxruntime.SessionOptions()
options.intra_op_num_threads = int(os.environ["THREADS"])
session = onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])
blank = characters["blank"]
# The blank has no character of its own.
alphabet = list(characters["characters"])
alphabet.insert(blank, "")
app = FastAPI()


def prepare(body):
    image = Image.open(io.BytesIO(body)).convert("L")
    height, margin = recipe["height"], recipe["margin"]
    width = max(1, round(image.width * height / image.height))
    pixels = numpy.asarray(image.resize((width, height), Image.BOX), numpy.float32)
    background, ink = numpy.quantile(pixels, [0.7, 0.01])
    ink = min(ink, background - 48)
    darkness = numpy.clip((background - pixels) / (background - ink), 0, 1)
    return numpy.pad(darkness, ((0, 0), (margin, margin)))[None, None].astype(numpy.float32)


def decode(logits):
    """The best path: repetitions are one character, blanks none."""
    best = logits.argmax(-1)
    kept = best[numpy.concatenate([[True], best[1:] != best[:-1]]) & (best != blank)]
    return unicodedata.normalize("NFC", "".join(alphabet[label] for label in kept)).strip(" ")


def predict(body):
    logits, = session.run(["logits"], {"image": prepare(body)})
    return decode(logits[:, 0])


@app.get("/v2/health/ready")
def ready():
    return {"ready": True}


@app.post("/v1/predict")
async def answer(request: Request):
    body = await request.body()
    # Not on the thread of the connections, which would wait.
    return {"pred": await run_in_threadpool(predict, body)}
