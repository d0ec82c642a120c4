"""Long-lived processes that take turns: all hold the operands of one case, and only one computes at a time."""
import json
import os
import subprocess

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


def measure(case, contestants, rounds, duration):
    """Rounds of one case: `{variant: [burst]}`, what it has to do, and how busy everything else was meanwhile."""
    work, entered, errors = {}, [], {}
    for contestant in contestants:
        reply = contestant.ask("prepare " + case)
        if "error" in reply:
            errors[contestant.name] = reply["error"]
            continue
        entered.append(contestant)
        work.update({key: reply[key] for key in ("flops", "bytes") if key in reply})
    bursts = {}
    busy, used = machine_seconds(), sum(c.processor_seconds() for c in contestants)
    wall = idle = 0.0
    for number in range(rounds):
        # There and back again: a machine that drifts treats both sides alike.
        for contestant in entered if number % 2 == 0 else reversed(entered):
            others = [c for c in entered if c is not contestant]
            before, start = sum(c.processor_seconds() for c in others), os.times().elapsed
            for variant, burst in contestant.ask(f"time {duration}").items():
                bursts.setdefault(variant, []).append(burst)
            wall += os.times().elapsed - start
            idle += sum(c.processor_seconds() for c in others) - before
    strangers = machine_seconds() - busy - (sum(c.processor_seconds() for c in contestants) - used)
    for contestant in entered:
        contestant.ask("drop")
    return dict(
        bursts=bursts, work=work, errors=errors, idle=idle / max(wall, 1e-3), strangers=max(strangers, 0) / max(wall, 1e-3))
