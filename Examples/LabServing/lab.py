#!/usr/bin/env python3
"""Serves a reader, watches what comes, and teaches it a new hand from corrections. Needs Python 3 and nothing else.

    python3 Examples/LabServing/lab.py            # a few minutes
    python3 Examples/LabServing/lab.py --smoke    # that it runs, in less time

The two hands are fonts: the hand that the service knows to expect, and one that comes later.
"""
import argparse
import base64
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.request

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
FONTS = "/usr/share/fonts/truetype/liberation"
EXPECTED, NEW = "LiberationSerif-Italic.ttf", "LiberationMono-Bold.ttf"

arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
arguments.add_argument("--smoke", action="store_true", help="fewer lines, and one epoch")
arguments.add_argument("--programs", help="the folder of ductus and ductus-server; built if there is none")
arguments.add_argument("--fonts", default=FONTS, help=f"a folder with {EXPECTED} and {NEW}")
options = arguments.parse_args()


def programs():
    if options.programs:
        return options.programs
    for product in ("ductus", "ductus-server"):
        subprocess.run(["swift", "build", "-c", "release", "--product", product], cwd=ROOT, check=True)
    shown = subprocess.run(["swift", "build", "-c", "release", "--show-bin-path"], cwd=ROOT, check=True, capture_output=True, text=True)
    return shown.stdout.strip()


class Server:
    """ductus-server on a free port."""

    def __init__(self, program, *settings):
        self.log = tempfile.NamedTemporaryFile("r+")
        self.process = subprocess.Popen([program, "--port", "0", "--log", "warning", *settings], stderr=self.log)
        while not (found := re.search(r"Ductus is at (\S+)", open(self.log.name).read())):
            if self.process.poll() is not None:
                sys.exit(open(self.log.name).read())
            time.sleep(0.1)
        self.address = found[1]
        while not self.is_ready():
            time.sleep(0.1)

    def is_ready(self):
        try:
            return b"true" in self.get("/v2/health/ready")
        except OSError:
            return False

    def get(self, path):
        with urllib.request.urlopen(self.address + path) as answer:
            return answer.read()

    def post(self, path, body, type):
        with urllib.request.urlopen(urllib.request.Request(self.address + path, body, {"Content-Type": type})) as answer:
            return json.load(answer)

    def read_line(self, image):
        """The page of the one line in an image, as the API has it."""
        return self.post("/v1/read?lines=true", image, "image/png")

    def metric(self, name):
        """The values of a metric by their labels."""
        return re.findall(rf"^{name}(\S*) (\S+)$", self.get("/metrics").decode(), re.M)

    def stop(self):
        self.process.terminate()
        self.process.wait()


def hand(ductus, folder, font, count, seed):
    """Images of lines in a font, with their texts."""
    os.makedirs(f"{folder}/fonts")
    os.symlink(os.path.join(options.fonts, font), f"{folder}/fonts/{font}")
    subprocess.run([ductus, "synthesize", "lines", "--output", f"{folder}/lines", "--count", str(count), "--seed", str(seed), "--text",
                    os.path.join(ROOT, "LICENSE"), "--words", "2-5", "--fonts", f"{folder}/fonts"], check=True, stdout=subprocess.DEVNULL)
    with open(f"{folder}/lines/lines.tsv") as table:
        rows = [line.rstrip("\n").split("\t") for line in table][1:]
    return [(open(f"{folder}/lines/lines/{image}", "rb").read(), text) for _, _, image, text in rows]


def distance(a, b):
    """The number of characters that must be inserted, deleted, or replaced."""
    row = range(len(b) + 1)
    for i, x in enumerate(a, 1):
        row, previous = [i], row
        for j, y in enumerate(b, 1):
            row.append(min(row[-1] + 1, previous[j] + 1, previous[j - 1] + (x != y)))
    return row[-1]


def text_of(page):
    return "\n".join(line["text"] for line in page["lines"])


def error_rate(server, lines):
    """Of 100 characters, how many are wrong."""
    return 100 * sum(distance(text_of(server.read_line(image)), text) for image, text in lines) / sum(len(text) for _, text in lines)


def main():
    folder = tempfile.mkdtemp(prefix="lab-serving-")
    binaries = programs()
    ductus, program = f"{binaries}/ductus", f"{binaries}/ductus-server"
    count = 200  # as many as drift needs
    expected = hand(ductus, f"{folder}/expected", EXPECTED, count, seed=1)
    new = hand(ductus, f"{folder}/new", NEW, count, seed=2)
    corrected, unseen = (new[:20], new[20:25]) if options.smoke else (new[:60], new[60:100])

    # 1. Start. The service is one program with its weights beside it; here it keeps corrections, too.
    feedback = f"{folder}/feedback"
    server = Server(program, "--feedback", feedback)
    print(f"1. The service is at {server.address}; it says of itself: {json.loads(server.get('/v1/service'))}")

    # 2. Read. Any program that speaks HTTP is a client.
    with open(os.path.join(ROOT, "Examples/SamplePage/sample.png"), "rb") as file:
        page = server.post("/v1/read", file.read(), "image/png")
    print(f"2. The first of {len(page['lines'])} lines of the sample page: “{page['lines'][0]['text']}”")

    # 3. Monitor. The metrics of a service that has read what is expected are a reference for later ones.
    for image, _ in expected:
        server.read_line(image)
    reference = f"{folder}/reference.prom"
    with open(reference, "wb") as file:
        file.write(server.get("/metrics"))
    server.stop()
    server = Server(program, "--feedback", feedback, "--reference", reference)
    for name, lines in [("the same hand", expected), ("another hand", new)]:
        # The latest thousand are compared, so each hand is sent often enough to be most of them.
        for _ in range(1 if name == "the same hand" else 4):
            for image, _ in lines:
                server.read_line(image)
        drift = ", ".join(f"{labels} {float(value):.2f}" for labels, value in server.metric("ductus_drift"))
        print(f"3. After {name}, the population stability index is {drift}; above 0.25, what comes is not what was expected.")

    # 4. Correct. What a person corrects on the page comes back with the image, and is kept as training data.
    before = error_rate(server, unseen)
    for image, text in corrected:
        page = server.read_line(image)
        lines = page["lines"] or [{"box": [0, 0, page["width"], page["height"]]}]
        page["lines"] = [{"text": text, "box": lines[0]["box"]}]
        url = "data:image/png;base64," + base64.b64encode(image).decode()
        server.post("/v1/feedback", json.dumps({"image": url, "page": page}).encode(), "application/json")
    kept = sorted(name for name in os.listdir(feedback) if name.endswith(".xml"))
    print(f"4. {before:.1f} of 100 characters of the new hand are wrong. {len(kept)} corrections were kept in {feedback}.")

    # 5. Retrain: a fifth of the corrections tells when to stop. Then the service reads the new weights, and loses no request.
    for index, name in enumerate(kept):
        part = f"{feedback}/{'validation' if index % 5 == 0 else 'train'}"
        os.makedirs(part, exist_ok=True)
        for extension in ("xml", "png"):
            shutil.move(f"{feedback}/{name[:-3]}{extension}", part)
    server.stop()
    settings = [f"data.directory={feedback}", "data.kind=page", f"training.epochs={1 if options.smoke else 8}"]
    trained = subprocess.run(
        [ductus, "train", os.path.join(ROOT, "Examples/Experiments/fine-tuning.json"), "--runs", f"{folder}/runs", "--no-feature-cache"]
        + [part for setting in settings for part in ("--set", setting)], check=True, stdout=subprocess.PIPE, text=True)
    run = trained.stdout.strip().splitlines()[-1]
    server = Server(program, "--model", run)
    print(f"5. After training on them, {error_rate(server, unseen):.1f} of 100 characters are wrong, with the weights of {run}.")
    server.stop()


main()
