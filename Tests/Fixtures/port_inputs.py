"""Writes port_inputs.safetensors: what the labs' PyTorch port makes of images before a network sees them, and what
its networks then say.

Images follow from a formula (`picture`), so that only results are stored. A case is a network of `pytorch_port.py`
with random weights of its own: its parameters under the port's names, and for image number i

    case/i/input     what enters the network, where it is not the paper that follows
    case/i/output    what PyTorch computes from it, channels last; for detection the likeliest classes, every fourth
                     row and column

The attributes are those of `pytorch_port.py`, and the `width` and `height` of every image.

A line is scaled by min(28 / height, 952 / width), put at the left and above, and inverted: 1 - x / 255. A page's strip
lies on a white square, which is scaled to 256 x 256 and inverted likewise. Scaling is by area, here through
differences of a cumulative sum; results are rounded to 8 bits, as the port's are.

Usage: python port_inputs.py
"""

import json
from pathlib import Path

import numpy as np
import torch
from generate import write_safetensors
from pytorch_port import all_conv, crnn, fcn, lstm_ctc, randomize, unet


def picture(width, height):
    """Blocks, slopes and ripples of all brightnesses."""
    y, x = np.mgrid[0:height, 0:width]
    return ((31 * (x // 6) + 57 * (y // 7) + x * x // 90 + 3 * x * y // 70) % 256).astype(np.uint8)


def scaled(image, width, height):
    """By area: each new pixel is the mean of what it covers, fractions of pixels included."""
    image = image.astype(np.float64)
    for axis, count in enumerate((height, width)):
        old = image.shape[axis]
        if count > old:
            raise ValueError("the port enlarges by other rules")
        sums = np.concatenate([np.zeros_like(image.take([0], axis)), image.cumsum(axis)], axis)
        bounds = np.linspace(0, old, count + 1)
        at = np.apply_along_axis(lambda column: np.interp(bounds, np.arange(old + 1), column), axis, sums)
        image = np.diff(at, axis=axis) * count / old
    return np.floor(image + 0.5).clip(0, 255).astype(np.uint8)


def line_input(image, shape=(28, 952)):
    scale = min(shape[0] / image.shape[0], shape[1] / image.shape[1])
    small = scaled(image, round(image.shape[1] * scale), round(image.shape[0] * scale))
    padded = np.full(shape, 255, np.uint8)
    padded[:small.shape[0], :small.shape[1]] = small
    return (1 - padded / 255).astype(np.float32), small.shape


def page_input(image, top, bottom):
    """The strip from row `top` to `bottom`, in the middle of a square as wide as the page."""
    strip = image[top:bottom]
    side = max(strip.shape)
    square = np.full((side, side), 255, np.uint8)
    above, left = (side - strip.shape[0]) // 2, (side - strip.shape[1]) // 2
    square[above:above + strip.shape[0], left:left + strip.shape[1]] = strip
    return (1 - scaled(square, 256, 256) / 255).astype(np.float32)


# Width and height of lines: shrunk, as wide as fits, and wider than 34 times their height.
LINES = [(300, 40), (1088, 32), (1500, 30), (999, 3)]
# Of a page, and the rows from the first line to the last, 4 % of the width away from them.
PAGE, STRIP = (420, 300), (40 - 17, 215 + 17)

# Network, configuration, and a seed whose weights say something, and nothing by a hair's breadth.
CASES = {
    "crnn": (crnn, dict(classes=7, filters=[2, 3, 4, 3, 5], hidden=4), 207),
    "lstm_ctc": (lstm_ctc, dict(classes=7, filters=[2, 3], width=5, hidden=4), 102),
    "all_conv": (all_conv, dict(classes=7, filters=[2, 3], width=6), 100),
    "fcn": (fcn, dict(filters=2, dilations=[1, 2, 3, 1]), 103),
    "unet": (unet, dict(filters=2, depth=3), 184),
}


def main():
    torch.set_num_threads(1)
    tensors, attributes = {}, {}
    for case, (make, configuration, seed) in CASES.items():
        network = make(**configuration).eval()
        with torch.no_grad():
            randomize(network, torch.Generator().manual_seed(seed))
        for name, value in network.state_dict().items():
            tensors[f"{case}/{name}"] = value.numpy()
        network.double()
        isDetection = case in ("fcn", "unet")
        sizes = [PAGE] if isDetection else LINES
        for number, size in enumerate(sizes):
            image = picture(*size)
            if isDetection:
                input = page_input(image, *STRIP)
            else:
                input, (height, width) = line_input(image)
            with torch.no_grad():
                output = network(torch.from_numpy(input).double()[None])[0]
            if isDetection:
                if case == "fcn":
                    rows = np.flatnonzero(input.any(1))
                    tensors[f"{case}/{number}/input"] = np.ascontiguousarray(input[rows[0]:rows[-1] + 1])
                tensors[f"{case}/{number}/output"] = output.argmax(-1)[::4, ::4].int().contiguous().numpy()
            else:
                if case == "crnn":
                    tensors[f"{case}/{number}/input"] = np.ascontiguousarray(input[:height, :width])
                tensors[f"{case}/{number}/output"] = output.float().contiguous().numpy()
        attributes[case] = dict(network=configuration, sizes=[list(size) for size in sizes])
    attributes["unet"]["network"]["upsampling"] = "bilinear"
    metadata = {name: json.dumps(value, separators=(",", ":"), sort_keys=True) for name, value in attributes.items()}
    path = Path(__file__).with_name("port_inputs.safetensors")
    write_safetensors(path, {"torch": torch.__version__, **metadata}, tensors)


if __name__ == "__main__":
    main()
