"""Small image files of every format, and their pixels as Pillow decodes them.

    pip install pillow numpy tifffile && python generate.py

`pixels.npz` has an array [height, width] or [height, width, 3] for every file, or page of a file (`pages.tif[2]` is the
second): upright, composited on white, 16 bits scaled to 8. The files show one picture of 23 x 17 pixels. `page.pdf` has
two pages with a rectangle each, and no array.
"""

import pathlib

import numpy as np
import tifffile
from PIL import Image, ImageOps

folder = pathlib.Path(__file__).parent
pixels = {}

y, x = np.mgrid[0:17, 0:23]
# Smooth, for JPEG, and without symmetry.
picture = np.stack([20 + 9 * x, 30 + 8 * y + 3 * x, 220 - 5 * x - 4 * y], -1).astype(np.uint8)
rgb = Image.fromarray(picture)
gray = rgb.convert("L")
alpha = Image.fromarray((255 - 10 * x - y).astype(np.uint8))
rgba = Image.merge("RGBA", [*rgb.split(), alpha])
gray_alpha = Image.merge("LA", [gray, alpha])
bilevel = Image.fromarray(((x // 3 + y // 2) % 3 == 0) * np.uint8(255)).convert("1")
palette = rgb.quantize(13)
cmyk = Image.merge("CMYK", [Image.fromarray(c.astype(np.uint8)) for c in (10 * x, 14 * y, 3 * x + 5 * y, 6 * x)])
deep = (2800 * x + 100 * y).astype(np.uint16)


def on_white(image):
    if image.mode in ("RGBA", "LA"):
        white = Image.new("RGBA", image.size, "white")
        composite = Image.alpha_composite(white, image.convert("RGBA")).convert("RGB")
        return composite if image.mode == "RGBA" else composite.getchannel(0)
    if image.mode == "1":
        return image.convert("L")
    return image if image.mode == "L" else image.convert("RGB")


def keep(name, image=None):
    image = Image.open(folder / name) if image is None else image
    pixels[name] = np.array(on_white(ImageOps.exif_transpose(image)))


def exif(orientation):
    tags = Image.Exif()
    tags[0x112] = orientation
    return tags


# How the upright picture is stored for every orientation.
turns = {
    1: None, 2: Image.FLIP_LEFT_RIGHT, 3: Image.ROTATE_180, 4: Image.FLIP_TOP_BOTTOM,
    5: Image.TRANSPOSE, 6: Image.ROTATE_90, 7: Image.TRANSVERSE, 8: Image.ROTATE_270,
}
for orientation, turn in turns.items():
    stored = rgb if turn is None else rgb.transpose(turn)
    stored.save(folder / f"orientation-{orientation}.jpg", exif=exif(orientation), quality=90, subsampling=0)
    keep(f"orientation-{orientation}.jpg")
    stored = gray if turn is None else gray.transpose(turn)
    tifffile.imwrite(
        folder / f"orientation-{orientation}.tif", np.array(stored), photometric="minisblack", metadata=None,
        software=False, extratags=[(274, "H", 1, orientation, True)])
    pixels[f"orientation-{orientation}.tif"] = np.array(gray)
for name in ("orientation-6.png", "orientation-6.webp"):
    rgb.transpose(turns[6]).save(folder / name, exif=exif(6), lossless=True)
    pixels[name] = picture

# With a segment named Adobe, CMYK is inverted. Pillow writes it, and takes all CMYK for inverted.
gray.save(folder / "gray.jpg", quality=90)
rgb.save(folder / "progressive.jpg", quality=90, progressive=True)
rgb.save(folder / "restart.jpg", quality=90, restart_marker_blocks=1)
for name in ("gray.jpg", "progressive.jpg", "restart.jpg"):
    keep(name)
cmyk.save(folder / "cmyk.jpg", quality=95)
keep("cmyk.jpg")


def adobe(data):
    start = data.index(b"\xff\xee")
    return start, start + 2 + int.from_bytes(data[start + 2 : start + 4], "big")


data = (folder / "cmyk.jpg").read_bytes()
start, end = adobe(data)
(folder / "cmyk-plain.jpg").write_bytes(data[:start] + data[end:])
planes = Image.open(folder / "cmyk-plain.jpg").split()
keep("cmyk-plain.jpg", Image.merge("CMYK", [ImageOps.invert(plane) for plane in planes]))
# The same planes as YCCK: the last byte of the segment is the transform.
(folder / "ycck.jpg").write_bytes(data[: end - 1] + b"\x02" + data[end:])
keep("ycck.jpg")

bilevel.save(folder / "bilevel-group4.tif", compression="group4")
gray.save(folder / "gray-lzw.tif", compression="tiff_lzw")
palette.save(folder / "palette-packbits.tif", compression="packbits")
rgb.save(folder / "rgb-deflate.tif", compression="tiff_adobe_deflate")
rgb.save(folder / "rgb-jpeg.tif", compression="jpeg", quality=90)
cmyk.save(folder / "cmyk.tif")
rgba.save(folder / "rgba.tif")
gray_alpha.save(folder / "gray-alpha.tif")
for name in (
    "bilevel-group4.tif", "gray-lzw.tif", "palette-packbits.tif", "rgb-deflate.tif", "rgb-jpeg.tif", "cmyk.tif",
    "rgba.tif", "gray-alpha.tif",
):
    keep(name)


def write(name, array, expected, **options):
    tifffile.imwrite(folder / name, array, metadata=None, software=False, **options)
    pixels[name] = np.array(expected)


write("gray-white-is-zero.tif", 255 - np.array(gray), gray, photometric="miniswhite", rowsperstrip=5)
write("gray16.tif", deep, (deep.astype(np.uint32) * 255 + 32767) // 65535, photometric="minisblack", byteorder=">")
write("gray-tiles.tif", np.array(gray), gray, photometric="minisblack", tile=(16, 16))
write("rgb-tiles.tif", picture, picture, photometric="rgb", tile=(16, 16))
planes = picture.transpose(2, 0, 1).copy()
write("rgb-planes.tif", planes, picture, photometric="rgb", planarconfig="separate", bigtiff=True)
premultiplied = (np.array(rgba).astype(np.uint32) * np.array(alpha)[..., None] + 127) // 255
premultiplied[..., 3] = np.array(alpha)
premultiplied = premultiplied.astype(np.uint8)
write("rgba-associated.tif", premultiplied, on_white(rgba), photometric="rgb", extrasamples=["assocalpha"])
write("rgb-unknown.tif", np.array(rgba), picture, photometric="rgb", extrasamples=["unspecified"])
write("float.tif", np.array(gray).astype(np.float32), gray, photometric="minisblack")
del pixels["float.tif"]
with tifffile.TiffWriter(folder / "pages.tif") as file:
    options = dict(metadata=None, software=False)
    file.write(np.array(gray), photometric="minisblack", **options)
    file.write(np.array(gray)[::4, ::4].copy(), photometric="minisblack", subfiletype=1, **options)
    file.write(picture, photometric="rgb", **options)
pixels["pages.tif[1]"], pixels["pages.tif[2]"] = np.array(gray), picture

rgb.save(folder / "lossless.webp", lossless=True)
rgb.save(folder / "lossy.webp", quality=80)
rgba.save(folder / "alpha.webp", lossless=True, exact=True)
rgb.save(folder / "moving.webp", save_all=True, append_images=[ImageOps.mirror(rgb)], lossless=True)
for name in ("lossless.webp", "lossy.webp", "alpha.webp"):
    keep(name)
palette.save(folder / "palette.png", transparency=3)
keep("palette.png", Image.open(folder / "palette.png").convert("RGBA"))


def pdf(pages):
    """A PDF of pages (width, height, drawing) in points."""
    kids = " ".join(f"{3 + 2 * i} 0 R" for i in range(len(pages)))
    objects = ["<< /Type /Catalog /Pages 2 0 R >>", f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>"]
    for i, (width, height, drawing) in enumerate(pages):
        objects.append(f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {width} {height}] /Contents {4 + 2 * i} 0 R >>")
        objects.append(f"<< /Length {len(drawing)} >>\nstream\n{drawing}\nendstream")
    text, offsets = "%PDF-1.4\n", []
    for number, body in enumerate(objects, 1):
        offsets.append(len(text))
        text += f"{number} 0 obj\n{body}\nendobj\n"
    table = "".join(f"{offset:010} 00000 n \n" for offset in offsets)
    count = len(objects) + 1
    return (
        f"{text}xref\n0 {count}\n0000000000 65535 f \n{table}"
        f"trailer\n<< /Size {count} /Root 1 0 R >>\nstartxref\n{len(text)}\n%%EOF\n")


# Black at the upper left, and red on the lower half of a page; 24 points are 100 pixels.
(folder / "page.pdf").write_text(pdf([(72, 48, "0 g 0 24 24 24 re f"), (24, 48, "1 0 0 rg 0 0 24 24 re f")]))

np.savez_compressed(folder / "pixels.npz", **{name: array.astype(np.uint8) for name, array in pixels.items()})
