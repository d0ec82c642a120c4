"""Long-lived processes that take turns: all hold the operands of one case, and only one computes at a time."""
import json
import os
import subprocess
import time

# Of a processor: more of it taken by others, and a round says little.
DISTURBANCE = 0.25
# Seconds until the threads of ONNX Runtime, which spin after a run in case another follows, sleep.
SPINNING = 0.1

# glibc gives large blocks back to the system and pays page faults for the next ones; this keeps them.
KEPT_HEAP = dict(MALLOC_MMAP_THRESHOLD_="8589934592", MALLOC_TRIM_THRESHOLD_="8589934592")


class Contestant:
    def __init__(self, command, environment=None):
        self.process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1,
            env={**os.environ, **(environment or {})})
        greeting = self.answer()
        self.name, self.version = greeting["name"], greeting.get("version", "")

    def answer(self):
        line = self.process.stdout.readline()
        if not line:
            raise RuntimeError(f"{' '.join(self.process.args)} ended with status {self.process.wait()}")
        return json.loads(line)

    def ask(self, request):
        self.process.stdin.write(request + "\n")
        self.process.stdin.flush()
        return self.answer()

    def close(self):
        self.process.stdin.close()
        self.process.wait()

    def processor_seconds(self):
        """What the process has used so far."""
        try:
            with open(f"/proc/{self.process.pid}/stat") as file:
                fields = file.read().rpartition(")")[2].split()
        except OSError:
            return 0.0
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def ductus(folder, threads):
    return Contestant(
        [os.path.join(folder, ".build/release/case-server")], dict(DUCTUS_NUM_THREADS=str(threads)))


def peer(folder, python, framework, threads):
    return Contestant(
        [python, os.path.join(folder, "peers.py"), framework, "--threads", str(threads), "--models",
         os.path.join(folder, ".build/onnx")], KEPT_HEAP)


def machine_seconds():
    """Processor seconds that the whole machine has been busy."""
    try:
        with open("/proc/stat") as file:
            fields = [int(x) for x in file.readline().split()[1:9]]
    except OSError:
        return 0.0
    return (sum(fields) - fields[3] - fields[4]) / os.sysconf("SC_CLK_TCK")


def quiet(patience):
    """Waits until nothing else computes, at most so many seconds."""
    end = time.monotonic() + patience
    while time.monotonic() < end:
        busy, start = machine_seconds(), time.monotonic()
        time.sleep(0.25)
        if machine_seconds() - busy < DISTURBANCE * (time.monotonic() - start):
            return


def measure(case, contestants, rounds, duration, patience):
    """Rounds of one case: `{variant: [burst]}`, what it has to do, and how busy everything else was meanwhile."""
    work, entered, errors = {}, [], {}
    for contestant in contestants:
        reply = contestant.ask("prepare " + case)
        if "error" in reply:
            errors[contestant.name] = reply["error"]
            continue
        entered.append(contestant)
        work.update({key: reply[key] for key in ("flops", "bytes") if key in reply})
    end, kept = time.monotonic() + patience, []
    while len(kept) < rounds:
        quiet(end - time.monotonic())
        # There and back again: a machine that drifts treats both sides alike.
        found = take_turns(entered if len(kept) % 2 == 0 else entered[::-1], duration)
        if found["strangers"] < DISTURBANCE or time.monotonic() > end:
            kept.append(found)
    for contestant in entered:
        contestant.ask("drop")
    bursts = {variant: [found["bursts"][variant] for found in kept] for variant in kept[0]["bursts"]}
    return dict(bursts=bursts, work=work, errors=errors, idle=max(found["idle"] for found in kept),
                strangers=max(found["strangers"] for found in kept))


def take_turns(contestants, duration):
    """One round: the bursts, what the idle ones used meanwhile, and what all others did, in processors."""
    def used():
        return {c: c.processor_seconds() for c in contestants}
    bursts, idle = {}, 0.0
    start, busy, first = time.monotonic(), machine_seconds(), used()
    for contestant in contestants:
        time.sleep(SPINNING)
        before = used()
        bursts.update(contestant.ask(f"time {duration}"))
        idle += sum(now - before[c] for c, now in used().items() if c is not contestant)
    wall = time.monotonic() - start
    ours = sum(now - first[c] for c, now in used().items())
    return dict(bursts=bursts, idle=idle / wall, strangers=max(machine_seconds() - busy - ours, 0) / wall)
