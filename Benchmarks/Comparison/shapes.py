"""The shapes that the cases of every framework share; names must be those of Sources/BenchmarkCases."""

SQUARES = [256, 512, 1024, 2048]
PRODUCTS = [(64, 50176, 576), (50176, 64, 576), (32, 25088, 288), (25088, 32, 288), (16, 65536, 144),
            (65536, 16, 144), (50176, 32, 9), (32, 512, 128), (512, 64, 512), (1, 512, 512), (1, 1024, 256)]


def products():
    """(name, rows, columns, extent that is summed over)"""
    yield from ((f"sgemm {n}", n, n, n) for n in SQUARES)
    yield from ((f"sgemm {m}x{n}x{k}", m, n, k) for m, n, k in PRODUCTS)


# name: images, channels, height, width, filters, kernel, padding, dilation
CONVOLUTIONS = {
    "conv3x3 N1 C64 56x56 K64": (1, 64, 56, 56, 64, 3, 1, 1),
    "conv3x3 N32 C64 56x56 K64": (32, 64, 56, 56, 64, 3, 1, 1),
    "conv3x3 N128 C1 28x28 K32": (128, 1, 28, 28, 32, 3, 0, 1),
    "conv3x3 N128 C32 28x28 K64": (128, 32, 28, 28, 64, 3, 0, 1),
    "conv3x3 N16 C64 28x952 K64": (16, 64, 28, 952, 64, 3, 1, 1),
    "conv3x3 N1 C16 256x256 K16": (1, 16, 256, 256, 16, 3, 1, 1),
    "conv3x3d4 N1 C16 256x256 K16": (1, 16, 256, 256, 16, 3, 4, 4),
    "conv1x1 N32 C256 14x14 K256": (32, 256, 14, 14, 256, 1, 0, 1),
}

# name: images, channels, height, width, filters, kernel, stride, groups; padded by half the kernel
GROUPED = {
    "depthwise3x3 N8 C128 56x56": (8, 128, 56, 56, 128, 3, 1, 128),
    "depthwise3x3s2 N8 C128 56x56": (8, 128, 56, 56, 128, 3, 2, 128),
    "depthwise5x5 N8 C256 28x28": (8, 256, 28, 28, 256, 5, 1, 256),
    "depthwise3x3 N1 C512 14x14": (1, 512, 14, 14, 512, 3, 1, 512),
    "conv3x3g32 N8 C128 28x28 K128": (8, 128, 28, 28, 128, 3, 1, 32),
    "conv3x3g4 N8 C128 28x28 K128": (8, 128, 28, 28, 128, 3, 1, 4),
}

IMAGES = (32, 64, 56, 56)
MILLIONS = 1 << 24
CACHED = 1 << 16

# name: time, batch, inputs, hidden, both directions
LSTMS = {
    "lstm T100 B32 I128 H128": (100, 32, 128, 128, False),
    "lstm T100 B32 I512 H256": (100, 32, 512, 256, False),
    "bilstm T100 B32 I128 H128": (100, 32, 128, 128, True),
    "bilstm T100 B32 I256 H256": (100, 32, 256, 256, True),
    "lstm T100 B1 I128 H128": (100, 1, 128, 128, False),
    "bilstm T100 B1 I256 H256": (100, 1, 256, 256, True),
}

# Images in a training step.
BATCHES = dict(mlp=128, lenet=128, crnn=16, residualCRNN=16, unet=8, fcn=8)
