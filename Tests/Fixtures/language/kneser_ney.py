"""Interpolated modified Kneser-Ney probabilities of small texts, by the definition and without any efficiency.

    python3 kneser_ney.py        # rewrites kneser_ney.json beside this script; needs nothing but Python 3

Each text is a ring: its beginning follows its end. Every occurrence in a text counts as often as its weight says.
For every context of at most order - 1 characters that occurs, and for some that do not, the file has the probabilities
of all characters and of an unknown one. See S. Chen and J. Goodman, An Empirical Study of Smoothing Techniques for
Language Modeling, 1999, equations 22 and 26.
"""

import json
from collections import Counter, defaultdict
from pathlib import Path

CASES = [
    ("tiny", 3, [("abracadabra ", 1)]),
    ("weighted", 3, [("the cat sat on the mat and the rat ate the oats at the gate ", 1), ("tea at ten ", 4)]),
    (
        "long",
        4,
        [
            (
                "it was the best of times, it was the worst of times, it was the age of wisdom, it was the age of "
                "foolishness ",
                1,
            )
        ],
    ),
]


def counts_of(texts, order):
    """The counts of n-grams: occurrences for the highest order, different characters before them for the others."""
    occurrences = Counter()
    for text, weight in texts:
        for start in range(len(text)):
            occurrences["".join(text[(start + i) % len(text)] for i in range(order))] += weight
    counts = {order: occurrences}
    for n in range(order - 1, 0, -1):
        before = defaultdict(set)
        for ngram in counts[n + 1]:
            before[ngram[1:]].add(ngram[0])
        counts[n] = {ngram: len(characters) for ngram, characters in before.items()}
    return counts


def discounts_of(counts):
    """D of n-grams with the counts 1, 2, and 3 or more; one half where there are too few to tell."""
    n = [sum(1 for count in counts.values() if count == k) for k in range(5)]
    discounts = [0.0]
    for k in (1, 2, 3):
        discount = 0.5
        if n[k] > 0 and n[1] + 2 * n[2] > 0:
            value = k - (k + 1) * n[1] / (n[1] + 2 * n[2]) * n[k + 1] / n[k]
            discount = value if 0 < value < k else 0.5
        discounts.append(discount)
    return discounts


def probability(character, context, counts, discounts, alphabet):
    order = len(context) + 1
    if order == 0:
        return 1 / (len(alphabet) + 1)
    lower = 1 / (len(alphabet) + 1)
    if context:
        lower = probability(character, context[1:], counts, discounts, alphabet)
    own = {c: counts[order][context + c] for c in alphabet if context + c in counts[order]}
    total = sum(own.values())
    if total == 0:
        return lower
    discount = lambda count: discounts[order][min(count, 3)]
    gamma = sum(discount(count) for count in own.values()) / total
    count = own.get(character, 0)
    return max(count - discount(count), 0) / total + gamma * lower


def main():
    cases = []
    for name, order, texts in CASES:
        alphabet = sorted(set("".join(text for text, _ in texts)))
        counts = counts_of(texts, order)
        discounts = {n: discounts_of(counts[n]) for n in counts}
        contexts = {""} | {ngram[:-1] for n in counts for ngram in counts[n]}
        contexts |= {alphabet[-1] * n for n in range(order)} | {alphabet[-1] + alphabet[1]}
        rows = {
            context: [round(probability(c, context, counts, discounts, alphabet), 14) for c in alphabet + ["?"]]
            for context in sorted(contexts)
        }
        assert all(abs(sum(row) - 1) < 1e-12 for row in rows.values())
        cases.append(
            {
                "name": name,
                "order": order,
                "texts": [{"text": text, "weight": weight} for text, weight in texts],
                "alphabet": "".join(alphabet),
                "probabilities": rows,
            }
        )
    Path(__file__).with_suffix(".json").write_text(json.dumps(cases, separators=(",", ":")) + "\n")


if __name__ == "__main__":
    main()
