#!/usr/bin/env python3
"""Writes synthetic lines of handwriting in the `lines` layout: lines.tsv (split, page, image, text) beside lines/*.png.

Each line is set in a handwriting font of Debian and made unlike itself: pen width, slant, width of letters and gaps,
drift of the baseline, elastic distortion, ink, paper, the crop, and now and then the tips of the lines above and below.
Image `n` depends on `--seed`, `n`, the texts and the fonts only. Needs Pillow (with Raqm), NumPy and the fonts:
apt-get install $(Scripts/synthesize-lines.py --packages)
"""
import argparse
import pathlib
import sys

import numpy as np
from PIL import Image, ImageDraw, ImageFont

# (file, Debian package, licence, joined): letters of a joined script keep their places, so that strokes meet.
FONTS = [
    ("Breip.ttf", "fonts-breip", "OFL-1.0", False),
    ("DancingScript-Regular.otf", "fonts-dancingscript", "OFL-1.1", True),
    ("dkg.ttf", "fonts-dkg-handwriting", "OFL-1.1", False),
    ("dkgIt.ttf", "fonts-dkg-handwriting", "OFL-1.1", False),
    ("Domestic_Manners.ttf", "fonts-dustin", "GPL-2+", False),
    ("El_Abogado_Loco.ttf", "fonts-dustin", "GPL-2+", False),
    ("Havana-Regular.otf", "fonts-havana", "OFL-1.1", True),
    ("KaushanScript-Regular.otf", "fonts-kaushanscript", "OFL-1.1", True),
    ("KleeOne-Regular.ttf", "fonts-klee", "OFL-1.1", False),
    ("Kristi.ttf", "fonts-kristi", "OFL-1.1", True),
    ("NanumPen.ttf", "fonts-nanum-extra", "OFL-1.1", False),
    ("NanumBrush.ttf", "fonts-nanum-extra", "OFL-1.1", False),
    ("Rufscript010.ttf", "fonts-rufscript", "GPL-3 with font exception", False),
    ("Delphine.ttf", "fonts-sjfonts", "GPL-2+ with font exception", True),
    ("SteveHand.ttf", "fonts-sjfonts", "GPL-2+ with font exception", True),
    ("Chilanka-Regular.otf", "fonts-smc-chilanka", "OFL-1.1", False),
    ("Purisa.ttf", "fonts-tlwg-purisa-ttf", "GPL-2+ with font exception", False),
    ("Z003-MediumItalic.otf", "fonts-urw-base35", "AGPL-3 with font exception", True),
    ("Bajaderka-Regular.otf", "fonts-bajaderka", "OFL-1.1", True),
    ("jmacscrl.ttf", "fonts-aenigma", "GPL-2+", False),
    ("madscrwl.ttf", "fonts-aenigma", "GPL-2+", False),
    ("aescrawl.ttf", "fonts-aenigma", "GPL-2+", False),
]

WORDS = """
a about after again all almost also always and any are around as ask at away back be because bed before begin best
better between big black blue boat book both boy bread bring brother brown but by call came can car carry cat chair
child church city clean clear close coat cold come corner could country cup cut dark day did do dog done door down
draw dream drink each ear early earth east eat eight end enough even evening ever every eye face fall family far farm
fast father feel few field find fire first fish five fly food for four free friend from full game garden gave give
glass go gold good grass great green grow had half hand happy hard has have he head hear heart help her here high hill
him his hold home horse hot hour house how hundred I if in into is it join journey jump just keep kind king knew know
lady land large last laugh lay learn leave left letter life light like line list little live long look lost love made
make man many map market may me mean meet milk mind money moon more morning most mother mountain move much must my
name near never new next night nine no north nose not now number of off often old on once one only open or other our
out over own page paper part people perhaps picture place plain play please pocket pull put quick quiet quite rain ran
read ready red rest rich ride right river road room round run sad said sail same saw say school sea season see seven
shall she ship shoe shop short should show side silver sing sister sit six sleep slow small snow so soft some song
soon south spring stand star start stay still stone stop story street strong such summer sun sure table take tell ten
than thank that the their them then there these they thing think this thought three through time to today together
told too took town tree true try turn two uncle under until up us use valley very village visit voice wait walk wall
want warm was wash watch water way we week well went were west what wheel when where which while white who why wide
will wind window winter wish with without woman wood word work world would write yard year yellow yes yet you young
zero Anna Bertha Cambridge Daniel Edward Friday George Henry Ireland James Kate London Mary Norway Oxford Peter Quebec
Robert Sunday Thomas Ursula Victoria William Xavier York Zachary
""".split()

HEIGHT = 64  # of the images
X_HEIGHT = 30  # of the letters as they are first drawn


def run_lengths(ink):
    """For every pixel of ink the length of the horizontal run of ink that it is part of."""
    edges = np.flatnonzero(np.diff(np.pad(ink, ((0, 0), (1, 1))).ravel().astype(np.int8)))
    lengths = edges[1::2] - edges[::2]
    result = np.zeros(ink.shape, int)
    result[ink] = np.repeat(lengths, lengths)
    return result


class Hand:
    """A font whose `x` is X_HEIGHT pixels high, the widths of its strokes and the characters it can write."""

    def __init__(self, path, joined):
        probe = ImageFont.truetype(str(path), 200).getbbox("x", anchor="ls")
        size = 200 * X_HEIGHT / (probe[3] - probe[1])
        self.joined = joined
        self.font = ImageFont.truetype(str(path), round(4 * size))
        ink = np.asarray(self.image("abdeghinorstu")[0]) > 127
        width = np.minimum(run_lengths(ink), run_lengths(ink.T).T)[ink] / 4
        self.stroke, self.hairline = np.median(width), np.percentile(width, 10)
        self.font = ImageFont.truetype(str(path), round(size))
        tall = self.font.getbbox("dg")
        self.finest = 1.5 * (tall[3] - tall[1]) / HEIGHT  # what is about 1.5 pixels wide in the end can still be seen
        absent = (bytes(self.font.getmask("\uffff")), b"")
        self.characters = {" "} | {c for c in map(chr, range(33, 127)) if bytes(self.font.getmask(c)) not in absent}

    def image(self, text, widen=0.0):
        """The text in white on black, and where it goes relative to the pen on the baseline."""
        left, top, right, bottom = self.font.getbbox(text, anchor="ls", stroke_width=widen)
        left, top, right, bottom = int(left) - 2, int(top) - 2, int(right) + 3, int(bottom) + 3
        image = Image.new("L", (right - left, bottom - top))
        ImageDraw.Draw(image).text((-left, -top), text, font=self.font, fill=255, anchor="ls", stroke_width=widen)
        return image, left, top


def write(hand, text, rng, widen, spacing, gap, unrest):
    """The ink of `text`, set word by word or, where the script is not joined, letter by letter; its baseline row."""
    pieces, pen = [], 0.0
    for word in text.split():
        lift = rng.normal(0, 1.5 * unrest)
        for piece in [word] if hand.joined or unrest < 0.3 else word:
            image, left, top = hand.image(piece, widen)
            if piece != word:
                size = 1 + rng.normal(0, 0.04 * unrest)
                image = image.resize((round(image.width * size), round(image.height * size)), Image.BILINEAR)
                left, top = left * size, top * size
                lift += rng.normal(0, 0.6 * unrest) - 0.2 * lift
            pieces.append((image, pen + left, top + lift))
            pen += hand.font.getlength(piece) + (0 if hand.joined else spacing * X_HEIGHT + rng.normal(0, 0.8 * unrest))
        pen += X_HEIGHT * max(0.45, gap + rng.normal(0, 0.2 * unrest))
    left = min(x for _, x, _ in pieces)
    baseline = round(max(-min(y for _, _, y in pieces), X_HEIGHT)) + X_HEIGHT
    width = round(max(x + image.width for image, x, _ in pieces) - left) + X_HEIGHT
    height = baseline + round(max(max(y + image.height for image, _, y in pieces), 0)) + X_HEIGHT
    ink = Image.new("L", (width, height))
    for image, x, y in pieces:
        ink.paste(255, (round(x - left + X_HEIGHT / 2), round(baseline + y)), image)
    return ink, baseline


def smooth_noise(rng, shape, cell):
    """Noise that varies over `cell` pixels, of standard deviation about 1."""
    grid = rng.normal(size=(shape[0] // cell + 3, shape[1] // cell + 3)).astype(np.float32)
    return np.asarray(Image.fromarray(grid).resize((shape[1], shape[0]), Image.BICUBIC))


def bend(layers, baseline, rng, unrest):
    """Slants, stretches, drifts and distorts the layers, all in the same way."""
    height, width = layers[0].shape
    slant, stretch = np.tan(np.radians(rng.uniform(-15, 30))), rng.uniform(0.7, 1.3)
    reach = abs(slant) * height
    size = (height, round(width * stretch + reach))
    row, column = np.mgrid[0 : size[0], 0 : size[1]].astype(np.float32)
    along = column[:1] / max(size[1], 1)
    wave = rng.uniform(0.3, 2.5) * along + rng.uniform()
    drift = X_HEIGHT * unrest * (rng.normal(0, 0.12) * np.sin(2 * np.pi * wave) + rng.normal(0, 0.15) * (along - 0.5))
    cell, amount = int(rng.uniform(0.5, 1.6) * X_HEIGHT), unrest * X_HEIGHT * rng.uniform(0.01, 0.07)
    offset = reach * (height - baseline) / height if slant > 0 else reach * baseline / height
    x = (column - offset + slant * (row - baseline)) / stretch + amount * smooth_noise(rng, size, cell)
    y = row + drift + amount * smooth_noise(rng, size, cell)
    x, y = np.clip(x, 0, width - 1.001), np.clip(y, 0, height - 1.001)
    left, top = x.astype(np.int32), y.astype(np.int32)
    right_part, lower_part = x - left, y - top
    corner = top * width + left
    result = []
    for layer in layers:
        flat = layer.astype(np.float32).ravel()
        upper = flat[corner] * (1 - right_part) + flat[corner + 1] * right_part
        lower = flat[corner + width] * (1 - right_part) + flat[corner + width + 1] * right_part
        result.append(upper + (lower - upper) * lower_part)
    return result


def crop(ink, rng):
    """The box round the ink, with margins as uneven as those of people: (left, top, right, bottom)."""
    rows, columns = np.flatnonzero((ink > 100).any(axis=1)), np.flatnonzero((ink > 100).any(axis=0))
    height = rows[-1] - rows[0] + 1
    loose = height * (0.02 + 0.2 * (rng.uniform() < 0.15))
    top, bottom = rng.uniform(-0.01 * height, loose, 2)
    left, right = rng.uniform(0, 0.12 * height, 2)
    return (max(columns[0] - left, 0), max(rows[0] - top, 0),
            min(columns[-1] + 1 + right, ink.shape[1]), min(rows[-1] + 1 + bottom, ink.shape[0]))


def develop(ink, rng):
    """Ink in 0...1 becomes a picture: dark ink of uneven strength on paper that is white or nearly so."""
    sharpness, threshold = rng.uniform(1.2, 4), rng.uniform(0.38, 0.58)
    ink = np.clip((ink - threshold) * sharpness + 0.5, 0, 1)
    if rng.uniform() < 0.3:  # a pen that skips
        ink *= np.clip(rng.uniform(0.9, 1.6) + 0.35 * smooth_noise(rng, ink.shape, 3), 0, 1)
    darkness = rng.uniform(0, 90) if rng.uniform() < 0.7 else rng.uniform(60, 120)
    tone = darkness + rng.uniform(0, 18) * smooth_noise(rng, ink.shape, 24)
    paper = np.full(ink.shape, 255, np.float32)
    if rng.uniform() < 0.4:
        paper -= rng.uniform(0, 25) + rng.uniform(0, 5) * smooth_noise(rng, ink.shape, 40)
        paper += rng.uniform(0, 5) * rng.standard_normal(ink.shape, dtype=np.float32)
    picture = paper + (tone - paper) * ink
    if rng.uniform() < 0.3:  # dust
        count = rng.integers(1, 6)
        picture[rng.integers(0, ink.shape[0], count), rng.integers(0, ink.shape[1], count)] -= rng.uniform(40, 160)
    return Image.fromarray(np.clip(picture, 0, 255).astype(np.uint8))


def line_image(hand, text, neighbours, rng):
    """The text, written in this hand: an image HEIGHT pixels high."""
    unrest = rng.uniform(0.2, 1.4)
    widen = max(0.0, rng.uniform(2.2, 6.5) - hand.stroke, hand.finest - hand.hairline) / 2
    spacing, gap = rng.uniform(-0.06, 0.22), rng.uniform(0.7, 1.8)
    ink, baseline = write(hand, text, rng, widen, spacing, gap, unrest)
    layers = [np.asarray(ink)]
    if rng.uniform() < 0.25:  # what the neighbouring lines leave in the box
        others = Image.new("L", ink.size)
        for side, neighbour in zip((-1, 1), neighbours):
            other, other_baseline = write(hand, neighbour, rng, widen, spacing, gap, unrest)
            x, y = int(rng.uniform(-40, 40)), baseline + int(side * rng.uniform(2.4, 4) * X_HEIGHT)
            others.paste(255, (x, y - other_baseline), other)
        layers.append(np.asarray(others))
    layers = bend(layers, baseline, rng, unrest)
    box = crop(layers[0], rng)
    page = Image.fromarray(np.maximum.reduce(layers).astype(np.uint8))
    width = max(8, round(HEIGHT * (box[2] - box[0]) / (box[3] - box[1])))
    page = page.resize((width, HEIGHT), Image.BILINEAR, box)
    return develop(np.asarray(page, dtype=np.float32) / 255, rng)


def sentence(rng):
    """A few words with the capitals, numbers and signs of a sentence, or a piece of one."""
    words = [str(rng.choice(WORDS)) for _ in range(rng.integers(2, 9))]
    if rng.uniform() < 0.25:
        number = int(10 ** rng.uniform(0, 4))
        words[rng.integers(len(words))] = f"{number:,}" if rng.uniform() < 0.3 else str(number)
    for i in range(len(words) - 1):
        sign = rng.uniform()
        words[i] += "," if sign < 0.08 else ";" if sign < 0.09 else ":" if sign < 0.1 else " -" if sign < 0.11 else ""
        words[i] += "~" if 0.11 < sign < 0.13 else "'s" if 0.13 < sign < 0.15 and words[i].isalpha() else ""
    start = rng.uniform()
    if start < 0.5:
        words[0] = words[0][0].upper() + words[0][1:]
    elif start < 0.53:
        words = [word.upper() for word in words]
    words[-1] += str(rng.choice([".", "", "!", "?", ","], p=[0.45, 0.42, 0.03, 0.05, 0.05]))
    enclosed = rng.uniform()
    text = " ".join(words).replace("~ ", "-")
    return f'"{text}"' if enclosed < 0.06 else f"({text})" if enclosed < 0.08 else text


def text_for(rng, texts, words):
    """A text of the file, a span of `words` out of their running text, or a sentence out of the word list."""
    if not texts:
        return sentence(rng)
    if words is None:
        return texts[rng.integers(len(texts))]
    length = int(rng.integers(words[0], words[1] + 1))
    start = int(rng.integers(max(1, len(texts) - length + 1)))
    return " ".join(texts[start : start + length])


def span(value):
    first, _, last = value.partition("-")
    if not (first.isdigit() and (last or first).isdigit() and 0 < int(first) <= int(last or first)):
        raise argparse.ArgumentTypeError(f"{value!r} is not a span such as 2-9")
    return int(first), int(last or first)


def arguments():
    parser = argparse.ArgumentParser(description="Writes synthetic lines of handwriting in the `lines` layout.")
    parser.add_argument("--output", type=pathlib.Path, metavar="DIR", help="folder for lines.tsv and lines/")
    parser.add_argument("--count", type=int, default=1000, metavar="N", help="number of lines (1000)")
    parser.add_argument("--text", type=pathlib.Path, metavar="FILE",
                        help="one text per line; without it, sentences are made up")
    parser.add_argument("--words", type=span, metavar="A-B", help="spans of A to B words of the running text")
    parser.add_argument("--split", default="train", help="name of the split (train)")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--fonts", type=pathlib.Path, default=pathlib.Path("/usr/share/fonts"), metavar="DIR",
                        help="folder to search for the fonts (/usr/share/fonts)")
    parser.add_argument("--packages", action="store_true", help="print the Debian packages with the fonts, and stop")
    options = parser.parse_args()
    if not options.packages and options.output is None:
        parser.error("--output DIR is missing")
    return options


def hands_in(folder):
    """The hands whose fonts lie anywhere in `folder`; says which do not."""
    files = {path.name: path for path in sorted(folder.rglob("*.[ot]tf"))}
    absent = sorted({package for name, package, _, _ in FONTS if name not in files})
    hands = [Hand(files[name], joined) for name, _, _, joined in FONTS if name in files]
    if not hands:
        sys.exit(f"{folder} has none of the handwriting fonts: apt-get install {' '.join(absent)}")
    if absent:
        print(f"{folder} lacks some handwriting fonts, going on without: {' '.join(absent)}", file=sys.stderr)
    return hands


def main():
    options = arguments()
    if options.packages:
        print(*sorted({package for _, package, _, _ in FONTS}))
        return
    texts = []
    if options.text:
        running = options.text.read_text(encoding="utf-8")
        lines = (" ".join(line.split()) for line in running.splitlines())
        texts = running.split() if options.words else [line for line in lines if line]
        if not texts:
            sys.exit(f"{options.text} holds no text: one text per line is needed.")
    hands = hands_in(options.fonts)
    (options.output / "lines").mkdir(parents=True, exist_ok=True)
    unwritable = set()
    with open(options.output / "lines.tsv", "w", encoding="utf-8") as table:
        for index in range(options.count):
            rng = np.random.default_rng([options.seed, index])
            text, *neighbours = (text_for(rng, texts, options.words) for _ in range(3))
            able = [hand for hand in hands if hand.characters.issuperset(text + "".join(neighbours))]
            if not able:
                unwritable.add(text)
                continue
            image = line_image(able[rng.integers(len(able))], text, neighbours, rng)
            name = f"synthetic-{options.seed}-{index:06d}.png"
            image.save(options.output / "lines" / name, compress_level=3)
            table.write(f"{options.split}\tsynthetic-{options.seed}-{index // 8:05d}\t{name}\t{text}\n")
    if unwritable:
        print(f"{len(unwritable)} texts left out, no font can write them: {min(unwritable)!r} …", file=sys.stderr)


if __name__ == "__main__":
    main()
