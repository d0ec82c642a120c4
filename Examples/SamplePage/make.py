#!/usr/bin/env python3
"""Draws sample.png, the page that Scripts/run reads, and writes sample.txt, what stands on it.

The text is ours. The hand is the font Rufscript by Hiran Venugopalan (Debian package fonts-rufscript, GPL-3 with the
font exception: the license of the font does not bind a document set in it). Every letter is moved, turned and resized a
little, every line drifts, and the sheet is bent as a whole, so that no two letters are the same.
Needs Pillow and NumPy: make.py [FOLDER OF THE FONT, /usr/share/fonts]
"""
import pathlib
import sys

import numpy as np
from PIL import Image, ImageDraw, ImageFilter, ImageFont

FONT = "Rufscript010.ttf"
LINES = [
    "On quiet mornings I write a page by hand,",
    "before the house is awake. The pen moves",
    "slowly over the paper, and every letter",
    "finds its own shape. No two of them are",
    "ever quite the same, yet a friend who",
    "reads the page will know each word, and",
    "hear the voice behind it.",
]
WIDTH, HEIGHT = 1000, 640
LEFT, FIRST_BASELINE, LINE_HEIGHT, FONT_SIZE = 95, 100, 72, 44
SCALE = 3  # everything is drawn this much larger and then reduced


def smooth_noise(rng, cell):
    """Noise that varies over `cell` pixels of the page, of standard deviation about 1."""
    grid = rng.normal(size=(HEIGHT // cell + 3, WIDTH // cell + 3)).astype(np.float32)
    return np.asarray(Image.fromarray(grid).resize((WIDTH * SCALE, HEIGHT * SCALE), Image.BICUBIC))


def letter(character, font, rng):
    """One letter, slanted, turned and resized a little, white on black; the pen starts in the middle of the image."""
    side = 4 * FONT_SIZE * SCALE
    image = Image.new("L", (side, side))
    ImageDraw.Draw(image).text((side / 2, side / 2), character, font=font, fill=255, anchor="ls")
    slant, angle = 0.10 + rng.normal(0, 0.025), np.radians(rng.normal(0, 1.3))
    width, height = 1 + rng.normal(0, 0.035), 1 + rng.normal(0, 0.035)
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    inverse = np.linalg.inv(turn @ np.array([[width, -slant], [0, height]]))
    offset = side / 2 * (1 - inverse.sum(axis=1))
    return image.transform(image.size, Image.AFFINE, (*inverse[0], offset[0], *inverse[1], offset[1]), Image.BICUBIC)


def written_page(font, rng):
    """The lines, letter by letter: 1 where there is ink, 0 elsewhere."""
    page = Image.new("L", (WIDTH * SCALE, HEIGHT * SCALE))
    for number, line in enumerate(LINES):
        pen = SCALE * (LEFT + rng.normal(0, 7))
        baseline = SCALE * (FIRST_BASELINE + LINE_HEIGHT * number + rng.normal(0, 2))
        rise, wave, phase = rng.normal(0, 0.004), SCALE * rng.uniform(0.5, 2), rng.uniform(0, 6)
        for character in line:
            if character == " ":
                pen += SCALE * (17 + rng.normal(0, 2.5))
                continue
            image = letter(character, font, rng)
            drift = rise * pen + wave * np.sin(phase + pen / SCALE / 110) + SCALE * rng.normal(0, 0.7)
            page.paste(255, (round(pen) - image.width // 2, round(baseline + drift) - image.height // 2), image)
            pen += font.getlength(character) + SCALE * rng.normal(0.4, 0.5)
    return page


def bent(page, rng):
    """The page with every point moved by up to two pixels, neighbors alike."""
    row, column = np.mgrid[0 : page.height, 0 : page.width]
    x, y = (axis + SCALE * (0.7 * smooth_noise(rng, 26) + 1.2 * smooth_noise(rng, 120)) for axis in (column, row))
    x, y = np.clip(np.rint(x), 0, page.width - 1).astype(int), np.clip(np.rint(y), 0, page.height - 1).astype(int)
    return Image.fromarray(np.asarray(page)[y, x])


def main():
    folder = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else "/usr/share/fonts")
    files = sorted(folder.rglob(FONT))
    if not files:
        sys.exit(f"{folder} does not have {FONT}: apt-get install fonts-rufscript")
    rng = np.random.default_rng(1)
    page = bent(written_page(ImageFont.truetype(str(files[0]), FONT_SIZE * SCALE), rng), rng)
    # The pen presses more here and less there: the same blurred stroke cut at a varying height.
    ink = np.asarray(page.filter(ImageFilter.GaussianBlur(0.8 * SCALE)), dtype=np.float32) / 255
    ink = np.clip((ink - 0.45 + 0.05 * smooth_noise(rng, 40)) * 4 + 0.5, 0, 1)
    tone, paper = 45 + 14 * smooth_noise(rng, 15), 250 + 2 * smooth_noise(rng, 90)
    picture = np.clip(paper + (tone - paper) * ink, 0, 255).reshape(HEIGHT, SCALE, WIDTH, SCALE).mean(axis=(1, 3))
    grain = rng.uniform(-2, 2, picture.shape)
    picture = np.clip(np.rint((picture + grain) / 4), 0, 63) * 4 + 3  # 64 grays make a small file
    here = pathlib.Path(__file__).parent
    Image.fromarray(picture.astype(np.uint8)).save(here / "sample.png", optimize=True)
    (here / "sample.txt").write_text("\n".join(LINES) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
