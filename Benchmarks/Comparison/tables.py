"""From the times of the rounds to ratios, and from ratios to tables."""
import re
import statistics

from Comparison.contestants import DISTURBANCE
from Comparison.goals import goal, groups

OURS = "Ductus"


def row(case, threads, measured, peak, versions):
    """One line of a table. The ratio is the time of the best peer by ours: above 1, ours is faster."""
    bursts = measured["bursts"]
    times = {name: statistics.median(b["median"] for b in rounds) for name, rounds in bursts.items()}
    least = {name: min(b["minimum"] for b in rounds) for name, rounds in bursts.items()}
    result = dict(
        case=case, threads=threads, versions=versions, peak=peak, seconds=times, minima=least,
        rounds=len(next(iter(bursts.values()), [])), strangers=round(measured["strangers"], 3),
        idle=round(measured["idle"], 3), errors=measured["errors"], **measured["work"])
    peers = [name for name in times if name != OURS]
    if OURS in times and peers:
        best = min(peers, key=times.get)
        ratios = sorted(p["median"] / o["median"] for p, o in zip(bursts[best], bursts[OURS]))
        result.update(
            best=best, ratio=statistics.median(ratios), spread=[ratios[0], ratios[-1]],
            ratioOfMinima=min(least[p] for p in peers) / least[OURS])
    return result


def milliseconds(seconds):
    value = seconds * 1e3
    return f"{value:.4g}" if value < 1000 else f"{value:.0f}"


def rate(row):
    """Percent of the multiply-adds that the processor can do, or GB/s."""
    seconds = row["seconds"].get(OURS)
    if not seconds:
        return ""
    if row.get("flops") and row["peak"]:
        return f"{100 * row['flops'] / seconds / row['peak']:.0f} %"
    return f"{row['bytes'] / seconds / 1e9:.1f} GB/s" if row.get("bytes") else ""


def cells(row):
    ours, best = row["seconds"].get(OURS), row.get("best")
    spread = row.get("spread")
    return [
        row["case"], milliseconds(ours) if ours else "", rate(row), best or "",
        milliseconds(row["seconds"][best]) if best else "", f"{row['ratio']:.2f}" if best else "",
        f"{goal(row['case']):.2f}" if best else "", f"{spread[0]:.2f} … {spread[1]:.2f}" if spread else "",
        f"{row['ratioOfMinima']:.2f}" if best else ""]


HEADINGS = ["case", "Ductus, ms", "rate", "best peer", "its ms", "ratio", "goal", "rounds", "of minima"]
ALIGNMENT = ["---", "--:", "--:", "---", "--:", "--:", "--:", "--:", "--:"]


def line(row):
    """For a terminal."""
    widths = [46, 9, 10, 27, 9, 6, 5, 15, 6]
    text = " ".join(c.ljust(w) if i in (0, 3) else c.rjust(w) for i, (c, w) in enumerate(zip(cells(row), widths)))
    problems = [f"{name}: {error}" for name, error in row["errors"].items() if "no case" not in error]
    notes = (["below its goal"] if row.get("ratio", 9) < goal(row["case"]) else [])
    notes += (["disturbed"] if row["strangers"] > DISTURBANCE else []) + (["idle not idle"] if row["idle"] > 0.05 else [])
    return " ".join([text] + notes + problems)


def markdown(rows):
    lines = ["| " + " | ".join(HEADINGS) + " |", "|" + "|".join(ALIGNMENT) + "|"]
    for row in rows:
        texts = cells(row)
        if row.get("ratio", 9) < goal(row["case"]):
            texts[5] = f"**{texts[5]}**"
        lines.append("| " + " | ".join(texts) + " |")
    return "\n".join(lines)


ALGORITHMS = ["direct", "im2col", "winograd"]


def is_algorithm(row):
    """Whether a row times one algorithm of a convolution, which no peer takes part in."""
    return row["case"].split()[0] in ALGORITHMS


def algorithms(rows):
    """A line a convolution, a column an algorithm; the shortest time is bold."""
    times = {}
    for row in rows:
        algorithm, case = row["case"].split(" ", 1)
        times.setdefault(case, {})[algorithm] = row["seconds"][OURS]
    lines = ["| convolution | " + " | ".join(f"{name}, ms" for name in ALGORITHMS) + " |", "|---|" + "--:|" * 3]
    for case, found in times.items():
        texts = {name: milliseconds(found[name]) for name in found}
        best = min(found, key=found.get)
        texts[best] = f"**{texts[best]}**"
        lines.append(f"| {case} | " + " | ".join(texts.get(name, "") for name in ALGORITHMS) + " |")
    return "\n".join(lines)


def summary(rows):
    ratios = [row["ratio"] for row in rows if "ratio" in row]
    if not ratios:
        return ""
    won = sum(r > 1 for r in ratios)
    reached = sum(row["ratio"] >= goal(row["case"]) for row in rows if "ratio" in row)
    return (f"{won} of {len(ratios)} cases faster than the best peer, {reached} at their goal; geometric mean "
            f"{statistics.geometric_mean(ratios):.2f}. {groups(rows)}")


def replace(text, name, content):
    """Puts `content` between the markers of a document."""
    pattern = re.compile(f"(<!-- begin {name} -->\n).*?(<!-- end {name} -->)", re.S)
    if not pattern.search(text):
        raise SystemExit(f"there are no markers for \"{name}\" in the document")
    return pattern.sub(lambda found: found[1] + content + "\n" + found[2], text)
