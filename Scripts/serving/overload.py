#!/usr/bin/env python3
"""Sends a server twice as many lines as it can read, and stops it meanwhile.

    overload.py PROGRAM [--seconds 60]

Every answer must be the right text, 429, or 503; of 100 accepted requests, 99 must be answered within the deadline; memory must
stay below its limit; and every request that the server had accepted when it was told to stop must be answered.
"""
import argparse
import collections
import concurrent.futures
import http.client
import json
import re
import sys
import threading
import time

from service import Service, png

arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
arguments.add_argument("program")
arguments.add_argument("--seconds", type=float, default=60)
arguments.add_argument("--deadline", type=int, default=10, help="of the server, in seconds")
arguments.add_argument("--queue", type=int, default=16, help="requests that may wait")
arguments.add_argument("--megabytes", type=float, default=400, help="the memory that the server may take")
options = arguments.parse_args()

IMAGE = png(600, 64)
CLIENTS = 64


def predict(service):
    """The status or the error of a request, the text, and the seconds that it took."""
    start = time.monotonic()
    try:
        status, _, body = service.post("/v1/predict", IMAGE, timeout=options.deadline + 30)
        return status, body, time.monotonic() - start
    except ConnectionRefusedError:
        return "refused", b"", time.monotonic() - start
    except (OSError, http.client.HTTPException) as error:
        return type(error).__name__, b"", time.monotonic() - start


def saturating_rate(service):
    """Requests per second when one follows the other at once; they are read one at a time."""
    start, count = time.monotonic(), 0
    while time.monotonic() < start + max(2, options.seconds / 20):
        predict(service)
        count += 1
    return count / (time.monotonic() - start)


def main():
    with Service(options.program, "--deadline", str(options.deadline), "--queue", str(options.queue), "--log", "info") as service:
        service.wait_until_ready()
        expected = predict(service)[1]
        rate = saturating_rate(service)
        print(f"  One after the other, {rate:.1f} requests a second are read; {2 * rate:.1f} are sent for {options.seconds:g} s.")
        before = answered(service)
        answers, memory, stopped = [], [0.0], [None]

        def watch():
            while service.process.poll() is None:
                try:
                    memory[0] = max(memory[0], service.peak_megabytes())
                except (OSError, TypeError, IndexError):
                    return
                time.sleep(0.2)

        threading.Thread(target=watch, daemon=True).start()
        with concurrent.futures.ThreadPoolExecutor(CLIENTS) as pool:
            start, futures = time.monotonic(), []
            while time.monotonic() < start + options.seconds + 2:
                if stopped[0] is None and time.monotonic() > start + options.seconds:
                    stopped[0] = time.monotonic()
                    service.terminate()
                futures.append(pool.submit(predict, service))
                time.sleep(max(0, start + len(futures) / (2 * rate) - time.monotonic()))
            answers = [future.result() for future in futures]
        service.process.wait(options.deadline + 30)
        drained = time.monotonic() - stopped[0]
        report(service, answers, expected, memory[0], drained, before)


def answered(service):
    """How many requests for a text the server has answered by its log, by status."""
    lines = [line for line in service.text().splitlines() if "route=/v1/predict" in line]
    return collections.Counter(int(re.search(r"\bstatus=(\d+)", line)[1]) for line in lines)


def report(service, answers, expected, memory, drained, before):
    counts = collections.Counter(status for status, _, _ in answers)
    accepted = sorted(seconds for status, _, seconds in answers if status == 200)
    p99 = accepted[max(0, len(accepted) * 99 // 100 - 1)] if accepted else float("nan")
    print("  Answers: " + ", ".join(f"{count} × {status}" for status, count in counts.most_common()) + ".")
    print(f"  Accepted requests took {accepted[len(accepted) // 2]:.2f} s, 99 of 100 at most {p99:.2f} s; "
          f"{memory:.0f} MB of memory at most; stopped {drained:.1f} s after SIGTERM.")
    wrong = []
    if any(status == 200 and body != expected for status, body, _ in answers):
        wrong.append("an answer has another text")
    # A connection that the system had taken, but the server had not yet seen, is reset when it stops.
    others = {status: count for status, count in counts.items()
              if status not in (200, 429, 503, "refused", "ConnectionResetError", "RemoteDisconnected")}
    if others:
        wrong.append(f"there are other answers: {others}")
    served = answered(service) - before
    for status in (200, 429, 503):
        if served[status] != counts[status]:
            wrong.append(f"the server answered {served[status]} requests with {status}, of which {counts[status]} arrived")
    if p99 > options.deadline:
        wrong.append("accepted requests took longer than the deadline")
    if memory > options.megabytes:
        wrong.append(f"the memory is above {options.megabytes:g} MB")
    if service.process.returncode != 0:
        wrong.append(f"the server ended with {service.process.returncode}")
    if counts[429] + counts[503] == 0:
        wrong.append("nothing was refused; the load was too low")
    for entry in wrong:
        print("  wrong:", entry)
    sys.exit(1 if wrong else 0)


main()
