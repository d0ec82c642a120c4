"""What the ratios should be. A row below its goal is marked in the tables; docs/performance.md says why it is."""
import re
import statistics

# The first pattern that is found in the name of a case decides.
GOALS = [
    (r"^(depthwise|conv3x3g)", 1.5),
    (r"^conv3x3 N\d+ C64 .*fwd$", 1.3),
    (r"^conv3x3 N\d+ C64 .*bwd$", 1.5),
    (r"^conv3x3d4 .*bwd$", 2.0),
    (r"^(conv3x3d4|conv3x3 N128 C1 |conv1x1|convT)", 1.2),
    (r"^tanh", 1.2),
    (r"^ctc", 4.0),
    (r"^(maxpool|batchnorm|layernorm|softmax|log_softmax|relu|sigmoid|exp|gelu|add|sum|adam)", 1.0),
    (r"^(bi)?lstm .* B1 ", 1.5),
    (r"^(bi)?lstm .*fwd$", 1.1),
    (r"^(bi)?lstm .*bwd$", 1.4),
    (r"^train", 1.5),
    (r"^infer", 1.1),
    (r"^(solve|qr|eigh|svd|dgemm) ", 1.0),
    (r"", 0.95),
]


def goal(case):
    return next(value for pattern, value in GOALS if re.search(pattern, case))


def groups(rows):
    """The geometric means of the networks' ratios."""
    texts = []
    for name, wanted in (("train", 1.8), ("infer", 1.4)):
        ratios = [row["ratio"] for row in rows if row["case"].startswith(name + " ") and "ratio" in row]
        if ratios:
            texts.append(f"{name}: geometric mean {statistics.geometric_mean(ratios):.2f} (goal {wanted})")
    return "; ".join(texts)
