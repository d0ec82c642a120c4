"""Checks what `ductus train` and `ductus runs sync` write for TensorBoard and MLflow; see Scripts/check-trackers."""
import contextlib
import json
import math
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request

import numpy
from PIL import Image

from tiny_training import configuration, scalars, tensors, write_data

DUCTUS = sys.argv[1]
FOLDER = tempfile.mkdtemp(prefix="check-trackers-")
os.environ.update(
    MLFLOW_DISABLE_TELEMETRY="true", MLFLOW_TRACKING_URI="", DUCTUS_NUM_THREADS="1", CUDA_VISIBLE_DEVICES="",
    DUCTUS_FEATURES=f"{FOLDER}/features")


def check(condition, message):
    if not condition:
        sys.exit(f"check-trackers: {message}")


def same(a, b):
    return a == b or math.isnan(a) and math.isnan(b)


# ---- A training that takes seconds


def train(trackers, epochs=3, meanwhile=None):
    """Trains, and returns the run and what was reported."""
    process = subprocess.Popen(
        [DUCTUS, "train", configuration(pathlib.Path(FOLDER), trackers, epochs), "--runs", f"{FOLDER}/runs", "--no-feature-cache"],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    if meanwhile:
        meanwhile()
    output, errors = process.communicate(timeout=600)
    check(process.returncode == 0, f"training ended with status {process.returncode}: {errors}")
    return output.strip(), errors


def sync(run, *arguments):
    result = subprocess.run([DUCTUS, "runs", "sync", run, *arguments], capture_output=True, text=True, timeout=300)
    check(result.returncode == 0, f"runs sync ended with status {result.returncode}: {result.stderr}")


def weights(run):
    """The tensors of the last checkpoint as bytes."""
    return tensors(f"{run}/last.safetensors")


# ---- TensorBoard


def check_tensorboard(run):
    from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
    from tensorboard.plugins.hparams import plugin_data_pb2
    from tensorboard.util import tensor_util

    events = EventAccumulator(run, size_guidance={kind: 0 for kind in ("scalars", "images", "tensors", "histograms")})
    events.Reload()
    expected = scalars(run)
    check(set(events.Tags()["scalars"]) == set(expected), f"TensorBoard has the scalars {events.Tags()['scalars']}")
    for name, points in expected.items():
        seen = [(event.step, event.wall_time, event.value) for event in events.Scalars(name)]
        check(len(seen) == len(points), f"TensorBoard has {len(seen)} of {len(points)} points of {name}")
        for (step, moment, value), (s, t, v) in zip(seen, points):
            check((step, moment) == (s, t) and same(value, float(numpy.float32(v))), f"TensorBoard: {name} at {step}")
    images = events.Images("samples")
    with open(f"{run}/samples.png", "rb") as file:
        check([image.encoded_image_string for image in images] == [file.read()], "TensorBoard has another picture")
    with Image.open(f"{run}/samples.png") as picture:
        check((images[0].width, images[0].height) == picture.size, "TensorBoard has another size of the picture")
    with open(f"{run}/predictions.jsonl") as file:
        predictions = [json.loads(line) for line in file]
    texts = [tensor_util.make_ndarray(event.tensor_proto).item().decode() for event in events.Tensors("predictions")]
    check(len(texts) == len(predictions), f"TensorBoard has {len(texts)} texts")
    for text, line in zip(texts, predictions):
        rows = [f"| {s['name']} | {s['expected']} | {s['predicted']} |" for s in line["samples"]]
        check(text.split("\n")[2:] == rows, f"TensorBoard has the text {text}")
    with open(f"{run}/histograms.jsonl") as file:
        lines = [json.loads(line) for line in file]
    for name, histogram in lines[-1]["weights"].items():
        seen = events.Histograms(f"weights/{name}")
        check([event.step for event in seen] == [line["step"] for line in lines], f"TensorBoard: steps of {name}")
        value = seen[-1].histogram_value
        check(value.num == sum(histogram["counts"]) and value.min == histogram["minimum"], f"TensorBoard: {name}")
        check(list(value.bucket) == histogram["counts"], f"TensorBoard: distribution of {name}")
    start = events.SummaryMetadata("_hparams_/session_start_info").plugin_data.content
    hparams = plugin_data_pb2.HParamsPluginData.FromString(start).session_start_info.hparams
    check(hparams["training.rate"].number_value == 0.01, "TensorBoard has no learning rate")
    check(hparams["network.name"].string_value == "crnn", "TensorBoard has no network")


def check_table(runs):
    """The table of hyperparameters, as the page of TensorBoard asks for it."""
    with server("tensorboard", "--logdir", f"{FOLDER}/runs", "--bind_all", "--load_fast=false") as url:

        def ask(method, **members):
            request = urllib.request.Request(
                f"{url}/data/plugin/hparams/{method}", json.dumps(members).encode(),
                {"Content-Type": "application/json"})
            return json.load(urllib.request.urlopen(request, timeout=60))

        def rows():
            return ask(
                "session_groups", experimentName="", allowedStatuses=["STATUS_SUCCESS", "STATUS_UNKNOWN"],
                colParams=[{"hparam": "training.epochs"}], startIndex=0, sliceSize=100)["sessionGroups"]

        # TensorBoard loads the runs one after another, and answers with those it has.
        for _ in range(60):
            with contextlib.suppress(OSError):
                if len(rows()) >= len(runs):
                    break
            time.sleep(1)
        infos = {info["name"] for info in ask("experiment", experimentName="")["hparamInfos"]}
        check({"training.rate", "training.epochs", "network.name"} <= infos, f"the table has {sorted(infos)}")
        epochs = sorted(group["hparams"]["training.epochs"] for group in rows())
        check(len(epochs) == len(runs), f"the table has {len(epochs)} rows for {len(runs)} runs")


# ---- Servers


def port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Server:
    """A program of the virtual environment that serves HTTP."""

    def __init__(self, name, *arguments, number=None, path="/"):
        self.number = number or port()
        self.url = f"http://127.0.0.1:{self.number}"
        self.process = subprocess.Popen(
            [f"{os.path.dirname(sys.executable)}/{name}", *arguments, "--port", str(self.number)],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)
        for _ in range(240):
            with contextlib.suppress(OSError):
                urllib.request.urlopen(self.url + path, timeout=5).close()
                return
            check(self.process.poll() is None, f"{name} ended with status {self.process.returncode}")
            time.sleep(1)
        sys.exit(f"check-trackers: {name} does not answer.")

    def kill(self):
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


@contextlib.contextmanager
def server(name, *arguments):
    running = Server(name, *arguments)
    try:
        yield running.url
    finally:
        running.kill()


def mlflow_server(number=None):
    return Server(
        "mlflow", "server", "--backend-store-uri", f"sqlite:///{FOLDER}/mlflow.db", "--artifacts-destination",
        f"{FOLDER}/artifacts", "--host", "127.0.0.1", "--workers", "1", number=number, path="/health")


# ---- MLflow


def check_mlflow(run, url, experiment, status="FINISHED"):
    from mlflow import MlflowClient

    client = MlflowClient(tracking_uri=url)
    number = client.get_experiment_by_name(experiment).experiment_id
    found = [one for one in client.search_runs([number]) if one.info.run_name == os.path.basename(run)]
    check(len(found) == 1, f"MLflow has {len(found)} runs {os.path.basename(run)}")
    seen = found[0]
    check(seen.info.status == status, f"MLflow has the status {seen.info.status}")
    check(seen.data.params["training.rate"] == "0.01", f"MLflow has the parameters {seen.data.params}")
    check(seen.data.params["network.filters"] == "[2, 2, 3, 3, 3]", f"MLflow has the parameters {seen.data.params}")
    check(seen.data.tags["ductus.seed"] == "1", f"MLflow has the tags {seen.data.tags}")
    expected = scalars(run)
    check(set(seen.data.metrics) == set(expected), f"MLflow has the metrics {sorted(seen.data.metrics)}")
    for name, points in expected.items():
        history = sorted(client.get_metric_history(seen.info.run_id, name), key=lambda point: point.step)
        check(len(history) == len(points), f"MLflow has {len(history)} of {len(points)} points of {name}")
        for point, (step, moment, value) in zip(history, points):
            check((point.step, point.timestamp) == (step, round(moment * 1000)), f"MLflow: time of {name} at {step}")
            check(same(point.value, value), f"MLflow: {name} at {step} is {point.value}, not {value}")
    with open(f"{run}/provenance.json") as file:
        data = json.load(file)["data"]
    inputs = {(entry.dataset.name, entry.dataset.digest) for entry in seen.inputs.dataset_inputs}
    check(inputs == {(entry["name"], entry["version"][:36]) for entry in data}, f"MLflow has the data sets {inputs}")
    with open(f"{run}/predictions.jsonl") as file:
        steps = [json.loads(line)["step"] for line in file]
    names = ["configuration.json", "provenance.json", "outcome.json", "history.json"]
    for name, source in [(name, name) for name in names] + [(f"samples/{steps[0]}.png", "samples.png")]:
        path = client.download_artifacts(seen.info.run_id, name, tempfile.mkdtemp(dir=FOLDER))
        with open(path, "rb") as a, open(f"{run}/{source}", "rb") as b:
            check(a.read() == b.read(), f"MLflow has another {name}")
    texts = {file.path for file in client.list_artifacts(seen.info.run_id, "predictions")}
    check(texts == {f"predictions/{step}.md" for step in steps}, f"MLflow has the texts {texts}")


def with_gaps(run):
    """A copy of a run that was never sent, with numbers that are not finite."""
    copy = f"{FOLDER}/gaps"
    shutil.copytree(run, copy)
    for name in os.listdir(copy):
        if name == "trackers.json" or name.startswith("events."):
            os.remove(f"{copy}/{name}")
    with open(f"{run}/metrics.jsonl") as file:
        lines = [json.loads(line) for line in file]
    lines[0]["training"].update(loss="nan", gradientNorm="nan")
    with open(f"{copy}/metrics.jsonl", "w") as file:
        file.writelines(json.dumps(line) + "\n" for line in lines)
    return copy


def main():
    write_data(pathlib.Path(FOLDER) / "data")
    plain, _ = train([], epochs=400)
    server = mlflow_server()
    try:
        mlflow = {"name": "mlflow", "url": server.url, "experiment": "check & test"}
        run, errors = train(["tensorBoard", mlflow])
        check("sync" not in errors, f"not everything was sent: {errors}")
        check_tensorboard(run)
        check_mlflow(run, server.url, "check & test")
        print("TensorBoard and MLflow read what a training has written.")

        copy = with_gaps(run)
        sync(copy, "--tracker", "tensorBoard", "--tracker", json.dumps(mlflow | {"experiment": "gaps"}))
        check_tensorboard(copy)
        check_mlflow(copy, server.url, "gaps")
        print("Numbers that are not finite arrive.")

        known = set(os.listdir(f"{FOLDER}/runs"))

        def kill():
            """Kills the server when it has received something of the run."""
            for _ in range(6000):
                for name in set(os.listdir(f"{FOLDER}/runs")) - known:
                    with contextlib.suppress(OSError), open(f"{FOLDER}/runs/{name}/trackers.json") as file:
                        for tracker, delivery in json.load(file).items():
                            if tracker.startswith("mlflow") and delivery["lines"].get("metrics.jsonl", 0) > 0:
                                return server.kill()
                time.sleep(0.02)
            sys.exit("check-trackers: the server receives nothing")

        killed, errors = train(["tensorBoard", mlflow], epochs=400, meanwhile=kill)
        check(f"ductus runs sync {killed}" in errors, f"nothing was said about what is missing: {errors}")
        check(weights(killed) == weights(plain), "a server that is killed changes the weights")
        server = mlflow_server(server.number)
        sync(killed)
        check_mlflow(killed, server.url, "check & test")
        check_tensorboard(killed)
        sync(killed)
        check_mlflow(killed, server.url, "check & test")
        print("A server that is killed costs nothing: same weights, and the same curves after sync.")
    finally:
        server.kill()

    # A server that accepts connections and never answers.
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen(64)
        slow = {"name": "mlflow", "url": f"http://127.0.0.1:{silent.getsockname()[1]}"}
        run, errors = train([slow], epochs=400)
        check(weights(run) == weights(plain), "a server that does not answer changes the weights")
        check("ductus runs sync" in errors, f"nothing was said about what is missing: {errors}")
    print("A server that does not answer is not waited for.")
    check_table([run for run in os.listdir(f"{FOLDER}/runs") if any("tfevents" in n for n in os.listdir(f"{FOLDER}/runs/{run}"))])
    print("The table of hyperparameters compares the runs.")
    shutil.rmtree(FOLDER)


main()
