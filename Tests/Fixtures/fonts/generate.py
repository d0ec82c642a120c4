"""Two small fonts for the tests of DuctusSynthesis, under the license of Ductus (Apache License 2.0).

    python3 -m venv venv && venv/bin/pip install fonttools==4.68
    venv/bin/python generate.py                 # rewrites tally.ttf and joined.ttf beside this script

No letter looks like itself. A character is a stem with a bar to its right for every bit of its code that is 1, the lowest
bit at the bottom, so that all characters differ; `o` is a ring of curves, and `i` has a dot. An x is 500 units of 1000
high, letters with ascenders and capitals are 700, and g, j, p, q and y reach 200 below the baseline; strokes are 60 units
wide. Q and & are absent, * is there without an outline. The pair AV is kerned by -100. In tally.ttf letters stand 140 units
apart; in joined.ttf they touch.
"""

import string
from pathlib import Path

from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import newTable
from fontTools.ttLib.tables._k_e_r_n import KernTable_format_0

STROKE, WIDTH = 60, 300
CHARACTERS = sorted(set(string.ascii_letters + string.digits + "!\"#'()*+,-./:;?") - set("Q&"))
BELOW, SHORT = set("gjpqy"), set("aceimnorsuvwxz")


def box(pen, left, bottom, right, top):
    pen.moveTo((left, bottom))
    pen.lineTo((left, top))
    pen.lineTo((right, top))
    pen.lineTo((right, bottom))
    pen.closePath()


def ring(pen, left, bottom, right, top, clockwise):
    """Four quadratic curves through the middles of a box's sides."""
    x, y = (left + right) // 2, (bottom + top) // 2
    corners = [(left, top), (right, top), (right, bottom), (left, bottom)]
    middles = [(x, top), (right, y), (x, bottom), (left, y)]
    if not clockwise:
        corners, middles = corners[::-1], [middles[2], middles[1], middles[0], middles[3]]
    pen.moveTo((left, y))
    for corner, middle in zip(corners, middles):
        pen.qCurveTo(corner, middle)
    pen.closePath()


def glyph(character):
    pen = TTGlyphPen(None)
    if character == "*":
        return pen.glyph()
    bottom = -200 if character in BELOW else 0
    top = 500 if character in SHORT or character in BELOW else 700
    if character == "o":
        ring(pen, 0, 0, WIDTH, top, clockwise=True)
        ring(pen, STROKE, STROKE, WIDTH - STROKE, top - STROKE, clockwise=False)
        return pen.glyph()
    box(pen, 0, bottom, STROKE, top)
    if character == "i":
        box(pen, 0, 600, STROKE, 700)
    for bit in range(7):
        if ord(character) >> bit & 1:
            y = bottom + bit * (top - bottom - STROKE // 2) // 6
            box(pen, STROKE, y, WIDTH, y + STROKE // 2)
    return pen.glyph()


def write(name, distance):
    builder = FontBuilder(1000, isTTF=True)
    names = {character: f"u{ord(character):04x}" for character in CHARACTERS}
    builder.setupGlyphOrder([".notdef", "space", *names.values()])
    builder.setupCharacterMap({32: "space"} | {ord(character): glyph for character, glyph in names.items()})
    empty = TTGlyphPen(None).glyph()
    builder.setupGlyf({".notdef": empty, "space": empty} | {names[c]: glyph(c) for c in CHARACTERS})
    widths = dict.fromkeys([".notdef", "space", *names.values()], WIDTH + distance)
    table = builder.font["glyf"]
    builder.setupHorizontalMetrics({g: (w, getattr(table[g], "xMin", 0)) for g, w in widths.items()})
    builder.setupHorizontalHeader(ascent=800, descent=-200)
    builder.setupNameTable(
        {"familyName": f"Ductus {name}", "styleName": "Regular", "licenseDescription": "Apache License 2.0"})
    builder.setupOS2(sTypoAscender=800, sTypoDescender=-200, sxHeight=500)
    builder.setupPost(keepGlyphNames=False)
    kern = KernTable_format_0()
    kern.version, kern.coverage, kern.apple, kern.tupleIndex = 0, 1, False, None
    kern.kernTable = {(names["A"], names["V"]): -100}
    builder.font["kern"] = newTable("kern")
    builder.font["kern"].version, builder.font["kern"].kernTables = 0, [kern]
    builder.font["head"].created = builder.font["head"].modified = 0
    builder.font.recalcTimestamp = False
    builder.save(Path(__file__).parent / f"{name}.ttf")


write("tally", 140)
write("joined", 0)
