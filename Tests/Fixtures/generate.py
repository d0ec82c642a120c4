"""Golden values for the differentiable operations of Ductus, computed by PyTorch.

    python3 -m venv venv && venv/bin/pip install numpy 'torch==2.13.0+cpu'
    venv/bin/python generate.py                 # rewrites every *.safetensors beside this script
    venv/bin/python generate.py conv2d lstm     # rewrites these two

Made with Python 3.11, PyTorch 2.13.0 (CPU) and NumPy 2.4. The same versions give the same bytes: every case draws from
its own generator, seeded by its name, so that adding a case leaves the others alone. Inputs are float32 numbers;
PyTorch computes with them in float64, and the results are rounded to float32 once, so that a test's tolerance only
has to cover the error of the implementation under test.

One file per operation, many cases per file. Tensors, all float32 or int32:

    case/<input>          what goes in
    case/output           what comes out
    case/grad_output      the upstream gradient
    case/grad_<input>     the gradient of sum(output * grad_output)

The metadata holds `torch` (its version) and, for every case, its attributes as a JSON object under the case's name.
Flags are 0 or 1, pairs are [height, width].

Conventions: images [batch, height, width, channel]; convolution weights [kernelHeight, kernelWidth, in, out]; dense
weights [in, out]; sequences [batch, time, feature]; LSTM weights [in, 4 * hidden] and [hidden, 4 * hidden] with one
bias [4 * hidden] and the gates in the order i, f, g, o (PyTorch's second bias is zero); GRU weights likewise, with the
gates in the order r, z, n and of PyTorch's second bias the part inside n, [hidden]. Every function below takes
tensors so laid out and permutes them for PyTorch inside, so automatic differentiation hands the gradients back in the
same layout. Values stay clear of kinks (ReLU at 0, ties of a maximum), where rounding would choose the gradient;
every ReLU sees both signs, and every unit of a network receives a gradient.
"""

import json
import struct
import sys
import warnings
import zlib
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F

SEED = 1
MARGIN = 3e-5  # how close a value may come to a kink


class UnsuitableDraw(Exception):
    """The random values are too close to a kink, or leave a part of a network dead."""


class Random:
    """Random tensors whose values are float32 numbers held in float64."""

    def __init__(self, name):
        self.generator = np.random.default_rng([SEED, zlib.crc32(name.encode())])

    def rounded(self, array):
        return torch.from_numpy(np.asarray(array, dtype=np.float32).astype(np.float64))

    def normal(self, *shape, scale=1.0, mean=0.0):
        return self.rounded(self.generator.standard_normal(shape) * scale + mean)

    def uniform(self, low, high, *shape):
        return self.rounded(self.generator.uniform(low, high, shape))

    def clear_of_zero(self, *shape):
        """Magnitudes in 0.25 ..< 2, either sign."""
        return self.uniform(0.25, 2, *shape) * torch.from_numpy(self.generator.choice([-1.0, 1.0], shape))

    def distinct(self, *shape):
        """Values at least 0.05 apart."""
        count = int(np.prod(shape))
        return self.rounded((self.generator.permutation(count) - count // 2).reshape(shape) * 0.05)

    def integers(self, low, high, *shape):
        return torch.from_numpy(self.generator.integers(low, high, shape))


class Fixture:
    """The cases of one file."""

    def __init__(self, name):
        self.name = name
        self.metadata = {"torch": torch.__version__}
        self.tensors = {}

    def add(self, case, make, **attributes):
        """Adds what `make` returns from a random source, drawing again while the draw is unsuitable."""
        for attempt in range(2000):
            try:
                tensors = make(Random(f"{self.name}/{case}/{attempt}"))
                break
            except UnsuitableDraw:
                continue
        else:
            raise RuntimeError(f"{self.name}/{case}: every draw was unsuitable")
        self.metadata[case] = json.dumps(attributes, separators=(",", ":"))
        self.tensors |= {f"{case}/{name}": tensor for name, tensor in tensors.items()}

    def write(self, directory):
        write_safetensors(directory / f"{self.name}.safetensors", self.metadata, {
            name: tensor.detach().numpy().astype("<f4" if tensor.is_floating_point() else "<i4")
            for name, tensor in self.tensors.items()})


def write_safetensors(path, metadata, arrays):
    """Writes a safetensors file of NumPy arrays. (The package of that name orders metadata differently at every run.)"""
    header, chunks, offset = {"__metadata__": metadata}, [], 0
    for name, array in arrays.items():
        kind = {"<f4": "F32", "<i4": "I32", "<i8": "I64"}[array.dtype.str]
        end = offset + array.nbytes
        header[name] = {"dtype": kind, "shape": list(array.shape), "data_offsets": [offset, end]}
        chunks.append(array.tobytes())
        offset = end
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    path.write_bytes(struct.pack("<Q", len(text)) + text + b"".join(chunks))
    cases = [key for key in metadata if key != "torch"]
    print(f"{path.name}: {len(cases)} cases, {path.stat().st_size} bytes: {' '.join(cases)}")


def differentiate(function, random, **inputs):
    """The inputs, the output, a random upstream gradient and the gradient of every input."""
    leaves = {name: tensor.clone().requires_grad_() for name, tensor in inputs.items()}
    output = function(**leaves)
    upstream = random.normal(*output.shape)
    gradients = torch.autograd.grad(output, list(leaves.values()), upstream)
    named = {f"grad_{name}": gradient for name, gradient in zip(leaves, gradients)}
    return {**inputs, "output": output, "grad_output": upstream, **named}


# Operations in the layout of Ductus


def keep_clear(distances):
    if distances.numel() and distances.abs().min() < MARGIN:
        raise UnsuitableDraw


def activate(values, activation):
    if activation == "relu":
        keep_clear(values)
        if not values.min() < 0 < values.max():
            raise UnsuitableDraw
    return values if activation == "none" else getattr(torch, activation)(values)


def dense(input, weight, bias=None, activation="none"):
    return activate(F.linear(input, weight.T, bias), activation)


def same_padding(kernel, dilation):
    """Rows above and columns to the left; an even kernel has one more below and to the right."""
    return [d * (k - 1) // 2 for k, d in zip(kernel, dilation)]


def conv2d(input, weight, bias=None, stride=1, padding=0, dilation=1, activation="none", groups=1):
    images, filters = input.permute(0, 3, 1, 2), weight.permute(3, 2, 0, 1)
    output = F.conv2d(images, filters, bias, stride, padding, dilation, groups)
    return activate(output.permute(0, 2, 3, 1), activation)


def conv_transpose2d(input, weight, bias=None, stride=1, padding=0, activation="none"):
    images, filters = input.permute(0, 3, 1, 2), weight.permute(2, 3, 0, 1)
    output = F.conv_transpose2d(images, filters, bias, stride, padding)
    return activate(output.permute(0, 2, 3, 1), activation)


def max_pool2d(input, kernel, stride):
    images = input.permute(0, 3, 1, 2)
    windows = images.unfold(2, kernel[0], stride[0]).unfold(3, kernel[1], stride[1]).flatten(4)
    largest = windows.detach().topk(2, dim=-1).values
    ties = largest[..., 0] == 0  # of a preceding ReLU, whose gradient is zero whichever is chosen
    keep_clear((largest[..., 0] - largest[..., 1])[~ties])
    return F.max_pool2d(images, kernel, stride).permute(0, 2, 3, 1)


def batch_norm(input, weight, bias, running_mean, running_variance, training, momentum=0.1, epsilon=1e-5):
    channels_first = input.movedim(-1, 1)
    output = F.batch_norm(channels_first, running_mean, running_variance, weight, bias, training, momentum, epsilon)
    return output.movedim(1, -1)


def recurrence(function, input, lengths, state, flat, both):
    """PyTorch's own, over sequences that are packed if they end before the batch does; zero behind their ends."""
    if lengths is None:
        return function(input, state, flat, True, 1, 0.0, False, both, True)
    packed = torch.nn.utils.rnn.pack_padded_sequence(input, lengths, batch_first=True, enforce_sorted=False)
    output, *last = function(packed.data, packed.batch_sizes, state, flat, True, 1, 0.0, False, both)
    output = torch.nn.utils.rnn.PackedSequence(
        output, packed.batch_sizes, packed.sorted_indices, packed.unsorted_indices)
    return torch.nn.utils.rnn.pad_packed_sequence(output, batch_first=True, total_length=input.shape[1])[0], *last


def lstm(input, *directions, initial_hidden=None, initial_cell=None, lengths=None):
    """Output, last hidden and last cell state; a direction is an input weight, a recurrent weight and a bias."""
    hidden = directions[0][1].shape[0]
    flat = []
    for input_weight, recurrent_weight, bias in directions:
        flat += [input_weight.T, recurrent_weight.T, bias, torch.zeros_like(bias)]
    if initial_hidden is None:
        initial_hidden = initial_cell = torch.zeros(input.shape[0], hidden, dtype=input.dtype)
    state = tuple(s.expand(len(directions), -1, -1) for s in (initial_hidden, initial_cell))
    output, last_hidden, last_cell = recurrence(torch.lstm, input, lengths, state, flat, len(directions) == 2)
    return output, last_hidden[0], last_cell[0]


def gru(input, *directions, lengths=None):
    """A direction is an input weight, a recurrent weight, a bias and the second bias of the candidate."""
    hidden, flat = directions[0][1].shape[0], []
    for input_weight, recurrent_weight, bias, candidate_bias in directions:
        second = torch.cat([torch.zeros(2 * hidden, dtype=bias.dtype), candidate_bias])
        flat += [input_weight.T, recurrent_weight.T, bias, second]
    state = torch.zeros(len(directions), input.shape[0], hidden, dtype=input.dtype)
    return recurrence(torch.gru, input, lengths, state, flat, len(directions) == 2)[0]


def attention(query, key, value, heads, causal=False, mask=None):
    def split(x):
        return x.unflatten(-1, (heads, -1)).transpose(1, 2)
    output = F.scaled_dot_product_attention(split(query), split(key), split(value), is_causal=causal,
                                            attn_mask=None if mask is None else mask.unsqueeze(-3))
    return output.transpose(1, 2).flatten(2)


def average_pool2d(input, kernel, stride):
    return F.avg_pool2d(input.permute(0, 3, 1, 2), kernel, stride).permute(0, 2, 3, 1)


def resize2d(input, size, mode):
    aligned = {} if mode == "nearest" else {"align_corners": mode == "bilinearAligned"}
    kind = mode.removesuffix("Aligned")
    return F.interpolate(input.permute(0, 3, 1, 2), size=size, mode=kind, **aligned).permute(0, 2, 3, 1)


def group_norm(input, groups, weight, bias):
    return F.group_norm(input.movedim(-1, 1), groups, weight, bias).movedim(1, -1)


def call(module, parameters, *inputs, **options):
    """A module of PyTorch with parameters in the layout of Ductus: matrices are [in, out]."""
    named = {name: value.T if value.ndim == 2 else value for name, value in parameters.items()}
    return torch.func.functional_call(module.double(), named, inputs, options)


def ctc_losses(logits, labels, logit_lengths, label_lengths, blank, zero_infinity=False):
    """The negative log-likelihood of every sample of the batch."""
    scores = F.log_softmax(logits, -1).transpose(0, 1)
    return F.ctc_loss(scores, labels, logit_lengths, label_lengths, blank, "none", zero_infinity)


# The files


def elementwise(fixture):
    shapes = {
        "same_shape": ((2, 3), (2, 3)),
        "columns_by_rows": ((3, 1), (1, 4)),
        "trailing_axis": ((2, 2, 3), (3,)),
        "scalar_right": ((2, 3), ()),
        "scalar_left": ((), (2, 3)),
    }
    binary = {"add": torch.add, "subtract": torch.sub, "multiply": torch.mul, "divide": torch.div}
    for operation, function in binary.items():
        for variant, (left, right) in shapes.items():
            fixture.add(f"{operation}.{variant}", lambda r: differentiate(
                lambda left, right: function(left, right), r, left=r.normal(*left), right=r.clear_of_zero(*right)))
    for case, shape, low, high in [("matrix", (3, 5), -2, 2), ("wide_range", (67,), -14, 14)]:
        fixture.add(f"gelu.{case}", lambda r: differentiate(
            lambda input: F.gelu(input), r, input=r.uniform(low, high, *shape)))
    unary = ["exp", "log", "tanh", "sigmoid", "relu", "sqrt", "square", "abs", "negative"]
    for operation in unary:
        positive = operation in ("log", "sqrt")
        name = "negate" if operation == "negative" else operation
        fixture.add(f"{name}.matrix", lambda r: differentiate(
            lambda input: getattr(torch, operation)(input), r,
            input=r.uniform(0.1, 4, 3, 5) if positive else r.clear_of_zero(3, 5)))
    ranges = {"exp": (-30, 30), "log": (1e-3, 1e3), "tanh": (-12, 12), "sigmoid": (-40, 40), "sqrt": (1e-3, 1e3)}
    for operation, (low, high) in ranges.items():  # 37 elements: full vectors and a remainder
        fixture.add(f"{operation}.wide_range", lambda r: differentiate(
            lambda input: getattr(torch, operation)(input), r, input=r.uniform(low, high, 37)))


def reductions(fixture):
    functions = {"sum": torch.sum, "mean": torch.mean, "max": torch.amax}
    variants = {"all": [0, 1, 2], "axis0": [0], "axis1": [1], "last_axis": [-1], "axes02": [0, 2]}
    for operation, function in functions.items():
        for variant, axes in variants.items():
            for keep in (0, 1):
                fixture.add(f"{operation}.{variant}{'.keep' if keep else ''}", lambda r: differentiate(
                    lambda input: function(input, dim=axes, keepdim=bool(keep)), r, input=r.distinct(2, 3, 4)),
                    axes=axes, keep=keep)


def matmul(fixture):
    shapes = {
        "square": ((3, 3), (3, 3)),
        "rectangular": ((4, 3), (3, 5)),
        "odd": ((17, 13), (13, 9)),
        "column": ((5, 7), (7, 1)),
        "row": ((1, 7), (7, 5)),
        "outer": ((4, 1), (1, 6)),
        "batched": ((2, 3, 4), (2, 4, 5)),
        "broadcast_right": ((2, 3, 4), (4, 5)),
        "broadcast_left": ((3, 4), (2, 4, 5)),
        "broadcast_both": ((2, 1, 3, 4), (3, 4, 2)),
        "transposed_left": ((3, 4), (3, 5)),
        "transposed_right": ((4, 3), (5, 3)),
        "transposed_both": ((3, 4), (5, 3)),
        "batched_transposed_left": ((2, 4, 3), (2, 4, 5)),
        "batched_transposed_right": ((2, 3, 4), (2, 5, 4)),
    }
    for case, (left, right) in shapes.items():
        flip_left = int(case.endswith(("transposed_left", "transposed_both")))
        flip_right = int(case.endswith(("transposed_right", "transposed_both")))
        fixture.add(case, lambda r: differentiate(
            lambda left, right: (left.mT if flip_left else left) @ (right.mT if flip_right else right), r,
            left=r.normal(*left), right=r.normal(*right)), transpose_left=flip_left, transpose_right=flip_right)


def softmax(fixture):
    for operation, function in {"softmax": torch.softmax, "log_softmax": torch.log_softmax}.items():
        for variant, shape, axis, scale in [
            ("vector", (7,), -1, 1), ("last_axis", (3, 5), -1, 1), ("axis1", (2, 4, 3), 1, 1), ("axis0", (4, 3), 0, 1),
            ("images", (1, 3, 4, 19), -1, 2), ("large_logits", (3, 6), -1, 100),
        ]:
            fixture.add(f"{operation}.{variant}", lambda r: differentiate(
                lambda input: function(input, dim=axis), r, input=r.normal(*shape, scale=scale)), axis=axis)


def shapes(fixture):
    def add(case, from_shape, function, **attributes):
        fixture.add(case, lambda r: differentiate(
            lambda input: function(input), r, input=r.normal(*from_shape)), **attributes)

    add("reshape.matrix", (2, 6), lambda x: x.reshape(3, 4), shape=[3, 4])
    add("reshape.of_transpose", (3, 4), lambda x: x.T.reshape(2, 6), shape=[2, 6])
    add("flatten.all", (2, 3, 4), lambda x: x.flatten(), axis=0)
    add("flatten.images", (2, 3, 2, 2), lambda x: x.flatten(1), axis=1)
    add("transpose.matrix", (3, 4), lambda x: x.permute(1, 0), axes=[1, 0])
    add("transpose.rotate", (2, 3, 4), lambda x: x.permute(2, 0, 1), axes=[2, 0, 1])
    add("transpose.to_channels_first", (2, 3, 2, 4), lambda x: x.permute(0, 3, 1, 2), axes=[0, 3, 1, 2])
    add("slice.rows", (5, 3), lambda x: x[1:4], start=[1, 0], end=[4, 3])
    add("slice.columns", (3, 5), lambda x: x[:, 2:4], start=[0, 2], end=[3, 4])
    add("slice.every_axis", (3, 4, 5), lambda x: x[1:2, 0:3, 2:5], start=[1, 0, 2], end=[2, 3, 5])
    add("pad.matrix", (2, 3), lambda x: F.pad(x, (2, 0, 0, 1)), before=[0, 2], after=[1, 0])
    add("pad.images", (1, 2, 3, 2), lambda x: F.pad(x, (0, 0, 2, 2, 1, 0)), before=[0, 1, 2, 0], after=[0, 0, 2, 0])
    for variant, parts, axis in [
        ("rows", ((2, 3), (1, 3), (3, 3)), 0), ("columns", ((2, 3), (2, 1), (2, 2)), 1),
        ("last_axis", ((2, 3, 2), (2, 3, 4), (2, 3, 1)), -1),
    ]:
        fixture.add(f"concatenate.{variant}", lambda r: differentiate(
            lambda **parts: torch.cat(list(parts.values()), axis), r,
            **{name: r.normal(*shape) for name, shape in zip(("first", "second", "third"), parts)}), axis=axis)


def dense_layer(fixture):
    for activation in ("none", "relu", "tanh", "sigmoid"):
        for variant, shape, outputs, has_bias in [
            ("batch", (3, 4), 5, True), ("sequence", (2, 3, 7), 9, True), ("one_sample_without_bias", (1, 5), 3, False),
        ]:
            def make(r):
                parts = {"input": r.normal(*shape), "weight": r.normal(shape[-1], outputs)}
                if has_bias:
                    parts["bias"] = r.normal(outputs)
                return differentiate(lambda **parts: dense(**parts, activation=activation), r, **parts)
            fixture.add(f"{activation}.{variant}", make, activation=activation)


def conv2d_layer(fixture):
    def add(case, input, kernel, outputs, stride=(1, 1), padding=(0, 0), dilation=(1, 1), bias=True, activation="none"):
        same = padding == "same"
        amount = same_padding(kernel, dilation) if same else list(padding)

        def make(r):
            scale = (kernel[0] * kernel[1] * input[-1]) ** -0.5
            parts = {"input": r.normal(*input), "weight": r.normal(*kernel, input[-1], outputs, scale=scale)}
            if bias:
                parts["bias"] = r.normal(outputs)
            options = dict(stride=stride, padding=padding, dilation=dilation, activation=activation)
            return differentiate(lambda **parts: conv2d(**parts, **options), r, **parts)
        fixture.add(case, make, stride=list(stride), padding=amount, dilation=list(dilation), same=int(same),
                    activation=activation)

    add("valid_3x3", (1, 6, 7, 1), (3, 3), 8)
    add("valid_3x3_relu_batch3", (3, 5, 7, 3), (3, 3), 5, activation="relu")
    add("same_3x3_relu", (1, 7, 9, 8), (3, 3), 8, padding="same", activation="relu")
    add("same_3x3_without_bias", (3, 5, 7, 3), (3, 3), 5, padding="same", bias=False)
    add("same_3x3_one_pixel", (1, 1, 1, 3), (3, 3), 5, padding="same")
    add("padding2_3x3", (1, 4, 5, 3), (3, 3), 5, padding=(2, 2))
    add("stride2_3x3", (1, 8, 7, 3), (3, 3), 5, stride=(2, 2))
    add("stride2_padding1_3x3_relu", (3, 7, 9, 3), (3, 3), 5, stride=(2, 2), padding=(1, 1), activation="relu")
    add("stride2_padding2_5x5", (1, 7, 8, 1), (5, 5), 8, stride=(2, 2), padding=(2, 2))
    add("stride1x2_3x5", (1, 5, 11, 3), (3, 5), 5, stride=(1, 2))
    add("rectangular_3x5", (1, 6, 9, 3), (3, 5), 5, padding=(1, 2))
    add("rectangular_5x3_relu_without_bias", (1, 7, 5, 3), (5, 3), 5, padding="same", bias=False, activation="relu")
    add("whole_image_4x6", (3, 4, 6, 3), (4, 6), 5)
    add("even_2x4_same", (1, 5, 7, 3), (2, 4), 5, padding="same")
    add("dilation2_3x3", (1, 9, 8, 3), (3, 3), 5, dilation=(2, 2))
    add("dilation2_stride2_padding2_3x3", (1, 9, 8, 3), (3, 3), 5, stride=(2, 2), padding=(2, 2), dilation=(2, 2))
    add("dilation3_same_3x3_relu", (1, 7, 9, 3), (3, 3), 5, padding="same", dilation=(3, 3), activation="relu")
    add("dilation3_same_7x7_relu", (1, 9, 11, 2), (7, 7), 3, padding="same", dilation=(3, 3), activation="relu")
    add("dilation7_same_7x7", (1, 8, 24, 1), (7, 7), 2, padding="same", dilation=(7, 7))
    add("pointwise", (3, 3, 5, 8), (1, 1), 8)
    add("pointwise_relu_without_bias", (1, 5, 3, 3), (1, 1), 5, bias=False, activation="relu")
    add("pointwise_stride2", (1, 5, 7, 3), (1, 1), 5, stride=(2, 2))
    add("channels_16_to_20_1x3_relu", (1, 4, 5, 16), (1, 3), 20, padding="same", activation="relu")
    add("channels_32_to_24", (1, 6, 7, 32), (3, 3), 24, padding="same")


def conv2d_groups(fixture):
    """Weights are [kernelHeight, kernelWidth, in / groups, out]."""
    def add(case, input, kernel, outputs, groups, stride=(1, 1), padding=(0, 0), dilation=(1, 1), bias=True,
            activation="none"):
        def make(r):
            inputs = input[-1] // groups
            scale = (kernel[0] * kernel[1] * inputs) ** -0.5
            parts = {"input": r.normal(*input), "weight": r.normal(*kernel, inputs, outputs, scale=scale)}
            if bias:
                parts["bias"] = r.normal(outputs)
            options = dict(stride=stride, padding=padding, dilation=dilation, activation=activation, groups=groups)
            return differentiate(lambda **parts: conv2d(**parts, **options), r, **parts)
        fixture.add(case, make, stride=list(stride), padding=list(padding), dilation=list(dilation), groups=groups,
                    activation=activation)

    add("depthwise_3x3_same", (2, 5, 11, 12), (3, 3), 12, 12, padding=(1, 1))
    add("depthwise_3x3_same_relu_few_channels", (1, 6, 5, 3), (3, 3), 3, 3, padding=(1, 1), activation="relu")
    add("depthwise_3x3_stride2", (1, 9, 10, 8), (3, 3), 8, 8, stride=(2, 2), padding=(1, 1))
    add("depthwise_5x5_stride2_without_bias", (1, 8, 9, 10), (5, 5), 10, 10, stride=(2, 2), padding=(2, 2), bias=False)
    add("depthwise_7x7_same", (1, 9, 8, 8), (7, 7), 8, 8, padding=(3, 3))
    add("depthwise_3x3_dilation2", (1, 9, 12, 9), (3, 3), 9, 9, padding=(2, 2), dilation=(2, 2))
    add("depthwise_2x4_stride3x1_tanh", (2, 7, 9, 5), (2, 4), 5, 5, stride=(3, 1), activation="tanh")
    add("multiplier2_3x3", (1, 5, 6, 6), (3, 3), 12, 6, padding=(1, 1))
    add("groups2_3x3_relu", (2, 6, 7, 6), (3, 3), 10, 2, padding=(1, 1), activation="relu")
    add("groups4_of_4_3x3", (1, 6, 7, 16), (3, 3), 16, 4, padding=(1, 1))
    add("groups3_stride2_3x3", (1, 8, 7, 9), (3, 3), 6, 3, stride=(2, 2), padding=(1, 1))
    add("groups2_1x1", (1, 4, 5, 16), (1, 1), 32, 2)
    add("groups2_of_64_1x1", (1, 2, 3, 128), (1, 1), 128, 2)


def conv_transpose2d_layer(fixture):
    def add(case, input, kernel, outputs, stride, padding=(0, 0), bias=True, activation="none"):
        def make(r):
            parts = {"input": r.normal(*input), "weight": r.normal(*kernel, input[-1], outputs)}
            if bias:
                parts["bias"] = r.normal(outputs)
            options = dict(stride=stride, padding=padding, activation=activation)
            return differentiate(lambda **parts: conv_transpose2d(**parts, **options), r, **parts)
        fixture.add(case, make, stride=list(stride), padding=list(padding), activation=activation)

    add("stride2_2x2", (2, 3, 5, 4), (2, 2), 3, (2, 2))
    add("stride2_2x2_relu_channels_8_to_16", (1, 4, 3, 8), (2, 2), 16, (2, 2), activation="relu")
    add("stride2_2x2_sigmoid_without_bias", (3, 1, 2, 1), (2, 2), 1, (2, 2), bias=False, activation="sigmoid")
    add("stride3x1_3x1", (1, 2, 4, 3), (3, 1), 2, (3, 1))
    add("stride2_3x3", (2, 3, 4, 3), (3, 3), 2, (2, 2))
    add("stride2_padding1_4x4_relu", (1, 3, 4, 2), (4, 4), 3, (2, 2), (1, 1), activation="relu")
    add("stride2_padding1_2x2", (1, 4, 3, 2), (2, 2), 3, (2, 2), (1, 1))
    add("stride3_2x2_with_gaps", (1, 3, 2, 2), (2, 2), 3, (3, 3))
    add("stride1_3x2_padding1x0_without_bias", (1, 4, 5, 3), (3, 2), 2, (1, 1), (1, 0), bias=False)
    add("pointwise", (2, 2, 3, 5), (1, 1), 4, (1, 1))


def maxpool2d(fixture):
    for case, shape, kernel, stride in [
        ("2x2", (2, 4, 6, 3), (2, 2), (2, 2)), ("2x2_odd", (1, 5, 7, 2), (2, 2), (2, 2)),
        ("2x1", (2, 4, 5, 3), (2, 1), (2, 1)), ("1x2_odd", (1, 3, 7, 2), (1, 2), (1, 2)),
        ("3x3_stride2", (2, 7, 9, 3), (3, 3), (2, 2)), ("3x3_stride2_floor", (1, 6, 8, 5), (3, 3), (2, 2)),
        ("2x2_stride1", (1, 4, 5, 2), (2, 2), (1, 1)), ("2x2_channels17", (1, 4, 4, 17), (2, 2), (2, 2)),
    ]:
        fixture.add(case, lambda r: differentiate(lambda input: max_pool2d(input, kernel, stride), r,
                                                  input=r.distinct(*shape)), kernel=list(kernel), stride=list(stride))


def batchnorm(fixture):
    def add(case, shape, training, **attributes):
        activation = attributes.get("activation", "none")

        def make(r):
            channels = shape[-1]
            mean, variance = r.normal(channels), r.uniform(0.5, 2, channels)
            new_mean, new_variance = mean.clone(), variance.clone()
            golden = differentiate(
                lambda **parts: activate(batch_norm(**parts, running_mean=new_mean, running_variance=new_variance,
                                                    training=bool(training)), activation), r,
                input=r.normal(*shape, scale=2, mean=1), weight=r.normal(channels), bias=r.normal(channels))
            golden |= {"running_mean": mean, "running_variance": variance}
            if training:
                golden |= {"new_running_mean": new_mean, "new_running_variance": new_variance}
            return golden
        fixture.add(f"{'training' if training else 'inference'}.{case}", make,
                    training=training, momentum=0.1, epsilon=1e-5, **attributes)

    shapes = {"images": (2, 3, 4, 5), "one_image": (1, 5, 3, 2), "features": (6, 4), "sequence": (2, 3, 7)}
    for training in (1, 0):
        for variant, shape in shapes.items():
            add(variant, shape, training)
        for activation in ("relu", "tanh", "sigmoid"):
            add(f"images_{activation}", (2, 3, 5, 3), training, activation=activation)
    add("wide_relu", (5, 67), 1, activation="relu")


def layernorm(fixture):
    for case, shape, mean in [
        ("features", (6, 4), 1), ("sequence", (2, 3, 37), 1), ("wide", (5, 300), 0), ("far_from_zero", (4, 33), 100),
        ("two_channels", (3, 2), 0),
    ]:
        fixture.add(case, lambda r: differentiate(
            lambda input, weight, bias: F.layer_norm(input, shape[-1:], weight, bias, 1e-5), r,
            input=r.normal(*shape, scale=2, mean=mean), weight=r.normal(shape[-1]), bias=r.normal(shape[-1])))


def lstm_direction(r, inputs, hidden, prefix=""):
    scale = hidden ** -0.5
    return {
        f"{prefix}input_weight": r.normal(inputs, 4 * hidden, scale=scale),
        f"{prefix}recurrent_weight": r.normal(hidden, 4 * hidden, scale=scale),
        f"{prefix}bias": r.normal(4 * hidden, scale=scale),
    }


def lstm_layer(fixture):
    sizes = [(1, 1, 4, 3), (5, 1, 4, 3), (1, 3, 7, 3), (5, 3, 7, 8)]  # time, batch, inputs, hidden
    for direction in ("forward", "reverse", "bidirectional"):
        for steps, batch, inputs, hidden in sizes:
            def make(r):
                parts = {"input": r.normal(batch, steps, inputs)}
                if direction == "bidirectional":
                    parts |= lstm_direction(r, inputs, hidden, "forward.")
                    parts |= lstm_direction(r, inputs, hidden, "backward.")
                else:
                    parts |= lstm_direction(r, inputs, hidden)

                def run(input, **weights):
                    weights = list(weights.values())
                    if direction == "reverse":
                        return lstm(input.flip(1), weights)[0].flip(1)
                    return lstm(input, *[weights[i:i + 3] for i in range(0, len(weights), 3)])[0]
                return differentiate(run, r, **parts)
            fixture.add(f"{direction}.t{steps}_b{batch}_i{inputs}_h{hidden}", make, direction=direction, hidden=hidden)

    lengths = torch.tensor([3, 6, 1, 5])
    for direction, prefixes in (("forward", [""]), ("bidirectional", ["forward.", "backward."])):
        def packed(r):
            parts = {"input": r.normal(4, 6, 3)}
            for prefix in prefixes:
                parts |= lstm_direction(r, 3, 5, prefix)

            def run(input, **weights):
                weights = list(weights.values())
                return lstm(input, *[weights[i:i + 3] for i in range(0, len(weights), 3)], lengths=lengths)[0]
            return differentiate(run, r, **parts) | {"lengths": lengths}
        fixture.add(f"{direction}.packed", packed, direction=direction, hidden=5)

    def with_states(r):
        parts = {"input": r.normal(3, 5, 7), **lstm_direction(r, 7, 3)}
        parts |= {"initial_hidden": r.normal(3, 3), "initial_cell": r.normal(3, 3)}
        last = {}

        def run(input, input_weight, recurrent_weight, bias, **initial):
            weights = (input_weight, recurrent_weight, bias)
            output, last["last_hidden"], last["last_cell"] = lstm(input, weights, **initial)
            return output
        return differentiate(run, r, **parts) | last
    fixture.add("forward.with_states", with_states, direction="forward", hidden=3)


def gru_layer(fixture):
    def weights(r, inputs, hidden, prefix=""):
        scale = hidden ** -0.5
        return {
            f"{prefix}input_weight": r.normal(inputs, 3 * hidden, scale=scale),
            f"{prefix}recurrent_weight": r.normal(hidden, 3 * hidden, scale=scale),
            f"{prefix}bias": r.normal(3 * hidden, scale=scale),
            f"{prefix}candidate_bias": r.normal(hidden, scale=scale),
        }

    sizes = [(1, 1, 4, 3), (5, 1, 4, 3), (1, 3, 7, 3), (5, 3, 7, 8), (4, 17, 3, 9)]  # time, batch, inputs, hidden
    for direction in ("forward", "reverse", "bidirectional"):
        for steps, batch, inputs, hidden in sizes:
            def make(r):
                parts = {"input": r.normal(batch, steps, inputs)}
                for prefix in ("forward.", "backward.") if direction == "bidirectional" else ("",):
                    parts |= weights(r, inputs, hidden, prefix)

                def run(input, **weights):
                    weights = list(weights.values())
                    if direction == "reverse":
                        return gru(input.flip(1), weights).flip(1)
                    return gru(input, *[weights[i:i + 4] for i in range(0, len(weights), 4)])
                return differentiate(run, r, **parts)
            fixture.add(f"{direction}.t{steps}_b{batch}_i{inputs}_h{hidden}", make, direction=direction, hidden=hidden)

    lengths = torch.tensor([3, 6, 1, 5])
    for direction, prefixes in (("forward", [""]), ("bidirectional", ["forward.", "backward."])):
        def packed(r):
            parts = {"input": r.normal(4, 6, 3)}
            for prefix in prefixes:
                parts |= weights(r, 3, 5, prefix)

            def run(input, **weights):
                weights = list(weights.values())
                return gru(input, *[weights[i:i + 4] for i in range(0, len(weights), 4)], lengths=lengths)
            return differentiate(run, r, **parts) | {"lengths": lengths}
        fixture.add(f"{direction}.packed", packed, direction=direction, hidden=5)


def attention_operation(fixture):
    def add(case, batch, queries, keys, channels, heads, causal=0, mask=None):
        def make(r):
            visible = None
            if mask is not None:
                visible = r.integers(0, 2, *mask).bool()
                visible[..., 0] = True
            golden = differentiate(
                lambda query, key, value: attention(query, key, value, heads, bool(causal), visible), r,
                query=r.normal(batch, queries, channels), key=r.normal(batch, keys, channels),
                value=r.normal(batch, keys, channels))
            return golden | ({} if visible is None else {"mask": visible.int()})
        fixture.add(case, make, heads=heads, causal=causal)

    add("one_head", 2, 3, 3, 4, 1)
    add("three_heads_more_keys", 2, 3, 5, 6, 3)
    add("one_step", 1, 1, 1, 2, 2)
    add("causal", 2, 5, 5, 8, 2, causal=1)
    add("mask_of_all", 3, 4, 6, 4, 2, mask=(4, 6))
    add("mask_of_keys", 3, 4, 6, 4, 2, mask=(3, 1, 6))
    add("long_sequence", 1, 37, 41, 24, 4)


def avgpool2d(fixture):
    for case, shape, kernel, stride in [
        ("square", (2, 4, 6, 3), (2, 2), (2, 2)), ("remainder", (1, 5, 7, 2), (2, 2), (2, 2)),
        ("overlapping", (2, 5, 6, 3), (3, 2), (1, 1)), ("gaps", (1, 7, 8, 2), (2, 1), (3, 2)),
        ("whole_image", (2, 3, 5, 4), (3, 5), (1, 1)), ("one_pixel", (1, 2, 3, 1), (1, 1), (1, 1)),
        ("many_channels", (1, 6, 6, 37), (3, 3), (2, 2)),
    ]:
        fixture.add(case, lambda r: differentiate(
            lambda input: average_pool2d(input, kernel, stride), r, input=r.normal(*shape)),
            kernel=kernel, stride=stride)


def resize(fixture):
    for mode in ("nearest", "bilinear", "bilinearAligned"):
        for case, shape, size in [
            ("twice", (2, 3, 4, 3), (6, 8)), ("three_by_two", (1, 4, 3, 2), (12, 6)), ("any_size", (2, 5, 4, 2), (7, 9)),
            ("smaller", (1, 8, 9, 2), (4, 3)), ("same", (1, 3, 2, 2), (3, 2)), ("from_one_pixel", (2, 1, 1, 3), (3, 4)),
            ("to_one_pixel", (1, 4, 5, 2), (1, 1)), ("many_channels", (1, 3, 3, 37), (6, 6)),
        ]:
            fixture.add(f"{mode}.{case}", lambda r: differentiate(
                lambda input: resize2d(input, size, mode), r, input=r.normal(*shape)), size=size, mode=mode)


def groupnorm(fixture):
    for case, shape, groups in [
        ("one_group", (2, 3, 4, 6), 1), ("two_groups", (3, 4, 3, 6), 2), ("instances", (2, 3, 5, 4), 4),
        ("sequence", (2, 7, 8), 4), ("features", (5, 12), 3), ("many_channels", (1, 3, 3, 72), 8),
    ]:
        fixture.add(case, lambda r: differentiate(
            lambda input, weight, bias: group_norm(input, groups, weight, bias), r,
            input=r.normal(*shape, scale=2, mean=1), weight=r.normal(shape[-1]), bias=r.normal(shape[-1])),
            groups=groups)


def embedding(fixture):
    for case, indices, rows, channels in [
        ("vector", (6,), 5, 3), ("sequences", (3, 4), 7, 5), ("one_row", (3,), 1, 2), ("one_channel", (2, 2), 4, 1),
        ("many", (2, 50), 11, 17),
    ]:
        def make(r):
            chosen = r.integers(0, rows, *indices)
            golden = differentiate(lambda table: F.embedding(chosen, table), r, table=r.normal(rows, channels))
            return golden | {"indices": chosen}
        fixture.add(case, make)


def transformer(fixture):
    """Modules of PyTorch, whose parameters have PyTorch's names and our layout."""
    def add(case, module, inputs, run, **attributes):
        def make(r):
            parameters = {
                name: r.normal(*reversed(value.shape), scale=0.5) for name, value in module.named_parameters()}
            names = list(inputs)
            def forward(**all):
                return run({n: v for n, v in all.items() if n not in names}, *[all[n] for n in names])
            return differentiate(forward, r, **{n: r.normal(*shape) for n, shape in inputs.items()}, **parameters)
        fixture.add(case, make, **attributes)

    def hides(length, *lengths):  # what PyTorch hides, as true
        return torch.arange(length)[None] >= torch.tensor(lengths)[:, None]

    attention = torch.nn.MultiheadAttention(6, 2, batch_first=True)
    both = {"input": (2, 3, 6), "memory": (2, 5, 6)}
    add("attention.itself", attention, {"input": (2, 4, 6)},
        lambda w, x: call(attention, w, x, x, x)[0], heads=2)
    add("attention.another", attention, both,
        lambda w, x, m: call(attention, w, x, m, m)[0], heads=2)
    add("attention.padded", attention, both,
        lambda w, x, m: call(attention, w, x, m, m, key_padding_mask=hides(5, 3, 5))[0], heads=2, lengths=[3, 5])
    mask = torch.tensor([[1, 0, 1, 1, 0], [1, 1, 0, 0, 1], [1, 0, 0, 1, 1]]).bool()
    add("attention.padded_and_masked", attention, both,
        lambda w, x, m: call(attention, w, x, m, m, key_padding_mask=hides(5, 3, 4), attn_mask=~mask)[0],
        heads=2, lengths=[3, 4], mask=mask.int().flatten().tolist())

    for norm, first in (("before", True), ("after", False)):
        for function in ("relu", "gelu"):
            options = dict(dropout=0.0, activation=function, batch_first=True, norm_first=first)
            encoder = torch.nn.TransformerEncoderLayer(6, 2, 10, **options)
            add(f"encoder.{norm}.{function}", encoder, {"input": (2, 4, 6)},
                lambda w, x: call(encoder, w, x, src_key_padding_mask=hides(4, 4, 2)),
                heads=2, hidden=10, lengths=[4, 2], norm=norm, function=function)
            decoder = torch.nn.TransformerDecoderLayer(6, 2, 10, **options)
            causal = torch.ones(3, 3).triu(1).bool()
            add(f"decoder.{norm}.{function}", decoder, both,
                lambda w, x, m: call(decoder, w, x, m, tgt_mask=causal, memory_key_padding_mask=hides(5, 5, 2)),
                heads=2, hidden=10, lengths=[5, 2], norm=norm, function=function)


def cross_entropy(fixture):
    for case, shape, scale in [
        ("matrix", (4, 5), 1), ("one_sample", (1, 3), 1), ("two_classes", (5, 2), 3), ("classes80", (3, 80), 2),
        ("pixels", (2, 3, 5, 3), 1), ("large_logits", (4, 6), 50),
    ]:
        def make(r):
            labels = r.integers(0, shape[-1], *shape[:-1])
            golden = differentiate(
                lambda logits: F.cross_entropy(logits.flatten(0, -2), labels.flatten()), r,
                logits=r.normal(*shape, scale=scale))
            return golden | {"labels": labels}
        fixture.add(case, make)


def ctc(fixture):
    def add(case, classes, blank, logit_lengths, labels, steps=None, scale=1.0):
        infeasible = [
            int(sum(a == b for a, b in zip(label, label[1:])) + len(label) > length)
            for label, length in zip(labels, logit_lengths)]

        def make(r):
            longest = max(1, max(map(len, labels)))
            parts = {
                "labels": torch.tensor([label + [blank] * (longest - len(label)) for label in labels]),
                "logit_lengths": torch.tensor(logit_lengths), "label_lengths": torch.tensor([len(l) for l in labels]),
            }
            logits = r.normal(len(labels), steps or max(logit_lengths), classes, scale=scale).requires_grad_()
            losses = ctc_losses(logits, **parts, blank=blank)
            assert losses.isinf().int().tolist() == infeasible
            feasible = ctc_losses(logits, **parts, blank=blank, zero_infinity=True)
            golden = {"logits": logits, **parts, "losses": losses}
            if not any(infeasible):
                golden["output"] = losses.mean()
            return golden | {"grad_logits": torch.autograd.grad(feasible.sum(), logits)[0]}
        fixture.add(case, make, blank=blank, infeasible=infeasible)

    add("one_sample_blank_first", 5, 0, [6], [[1, 3, 2]])
    add("one_sample_blank_last", 5, 4, [6], [[0, 3, 2]])
    add("one_step", 4, 0, [1], [[2]])
    add("repeated_labels", 4, 0, [8], [[2, 2, 1, 1]])
    add("repeated_labels_blank_last", 4, 3, [8], [[0, 0, 0, 2]])
    add("empty_labels", 4, 0, [5, 1], [[], []], steps=5)
    add("exactly_enough_steps", 5, 0, [4, 4], [[1, 2, 3, 4], [3, 1, 2, 1]])
    add("exactly_enough_steps_repeated", 4, 3, [6], [[1, 1, 2, 2]])
    add("padded_batch_blank_first", 6, 0, [9, 5, 7, 1], [[1, 2, 2, 5], [3], [], [4]])
    add("padded_batch_blank_last", 6, 5, [9, 5, 7, 4], [[1, 2, 2, 0], [3], [], [4, 0, 4, 0]], steps=10)
    add("infeasible_sample", 5, 0, [6, 3, 2], [[1, 2], [1, 1, 2], [3]], steps=6)
    add("long_line", 11, 10, [40, 33], [[3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5, 8, 9, 7, 9], [2, 7, 1, 8, 2, 8, 1, 8, 2, 8]])
    add("large_logits", 6, 5, [20], [[1, 2, 2, 4, 0]], scale=20)


def optimizers(fixture):
    def add(case, make_optimizer, **attributes):
        def make(r):
            parameter = r.normal(2, 3).requires_grad_()
            gradients, trajectory = r.normal(10, 2, 3), []
            golden = {"parameter": parameter.detach().clone(), "gradients": gradients}
            optimizer = make_optimizer([parameter])
            for gradient in gradients:
                parameter.grad = gradient.clone()
                optimizer.step()
                trajectory.append(parameter.detach().clone())
            return golden | {"trajectory": torch.stack(trajectory)}
        fixture.add(case, make, **attributes)

    def sgd(case, momentum=0.0, nesterov=0, weight_decay=0.0):
        options = dict(momentum=momentum, nesterov=nesterov, weight_decay=weight_decay)
        add(case, lambda p: torch.optim.SGD(p, 0.1, **options | {"nesterov": bool(nesterov)}),
            learning_rate=0.1, **options)

    def rms_prop(case, momentum=0.0):
        add(case, lambda p: torch.optim.RMSprop(p, 0.01, alpha=0.99, eps=1e-8, momentum=momentum),
            learning_rate=0.01, decay=0.99, epsilon=1e-8, momentum=momentum)

    def adam(case, kind, weight_decay, learning_rate=0.01, beta1=0.9, beta2=0.999, epsilon=1e-8):
        add(case, lambda p: kind(p, learning_rate, (beta1, beta2), epsilon, weight_decay),
            learning_rate=learning_rate, beta1=beta1, beta2=beta2, epsilon=epsilon, weight_decay=weight_decay)

    sgd("sgd.plain")
    sgd("sgd.weight_decay", weight_decay=0.01)
    sgd("sgd.momentum", momentum=0.9)
    sgd("sgd.nesterov", momentum=0.9, nesterov=1)
    rms_prop("rmsprop.plain")
    rms_prop("rmsprop.momentum", momentum=0.9)
    adam("adam.plain", torch.optim.Adam, 0)
    adam("adam.betas", torch.optim.Adam, 0, learning_rate=0.1, beta1=0.8, beta2=0.98, epsilon=1e-4)
    adam("adamw.weight_decay", torch.optim.AdamW, 0.01)
    adam("adamw.strong_weight_decay", torch.optim.AdamW, 0.5, learning_rate=0.1)

    for variant, maximum in [("above", 1.0), ("below", 100.0)]:
        def make(r):
            gradients = {"first": r.normal(2, 3), "second": r.normal(4)}
            parameters = [torch.zeros_like(g) for g in gradients.values()]
            for parameter, gradient in zip(parameters, gradients.values()):
                parameter.grad = gradient.clone()
            norm = torch.nn.utils.clip_grad_norm_(parameters, maximum)
            clipped = {f"clipped_{name}": p.grad for name, p in zip(gradients, parameters)}
            return {**gradients, "norm": norm, **clipped}
        fixture.add(f"clipping.{variant}", make, maximum_norm=maximum)


def networks(fixture):
    """Small members of the families; `output` is the logits, `loss` a mean, and gradients are those of the loss.

    mlp    dense1…dense4: three hidden layers with ReLU
    lenet  conv1, conv2 (valid, ReLU), pool 2x2, flatten [height, width, channel], dense1 (ReLU), dense2
    crnn   conv1, conv2 (same, ReLU, pool 2x2 each), conv3 (valid, ReLU), norm (inference), conv4, conv5 (valid, ReLU),
           drop the height of 1, lstm.forward and lstm.backward, dense; CTC, mean over the batch
    unet   down1…down3 and merge1, merge2: relu(norm2(conv2(relu(norm1(conv1(x)))))), same 3x3 without bias, norms in
           inference; pool 2x2 between downs; up1, up2: transposed 2x2; head 1x1
    fcn    block1…block7: relu(conv2(relu(conv1(x))) + shortcut(x)), same 7x7, shortcut 1x1; head 1x1
    """
    def conv(r, name, inputs, outputs, size=3, gain=2.0):
        scale = (gain / (size * size * inputs)) ** 0.5
        weight = r.normal(size, size, inputs, outputs, scale=scale)
        return {f"{name}.weight": weight, f"{name}.bias": r.normal(outputs, scale=0.1)}

    def linear(r, name, inputs, outputs):
        weight = r.normal(inputs, outputs, scale=(2 / inputs) ** 0.5)
        return {f"{name}.weight": weight, f"{name}.bias": r.normal(outputs, scale=0.1)}

    def layer(w, name):
        return w[f"{name}.weight"], w[f"{name}.bias"]

    def golden(weights, input, forward, loss, extra):
        leaves = {name: tensor.clone().requires_grad_() for name, tensor in weights.items()}
        output = forward(input, leaves)
        value = loss(output)
        gradients = torch.autograd.grad(value, list(leaves.values()))
        named = {f"grad_{name}": gradient for name, gradient in zip(leaves, gradients)}
        if any(gradient.abs().min() < 1e-4 for name, gradient in named.items() if name.endswith(".bias")):
            raise UnsuitableDraw
        return {**weights, "input": input, **extra, "output": output, "loss": value, **named}

    def classify(weights, input, forward, labels):
        loss = lambda logits: F.cross_entropy(logits.flatten(0, -2), labels.flatten())
        return golden(weights, input, forward, loss, {"labels": labels})

    def mlp(r, hidden=3, classes=80):
        sizes = [784, hidden, hidden, hidden, classes]
        weights = {}
        for i in range(4):
            weights |= linear(r, f"dense{i + 1}", sizes[i], sizes[i + 1])

        def forward(x, w):
            x = x.flatten(1)
            for name in ("dense1", "dense2", "dense3"):
                x = dense(x, *layer(w, name), activation="relu")
            return dense(x, *layer(w, "dense4"))
        return classify(weights, r.uniform(0, 1, 2, 28, 28, 1), forward, r.integers(0, classes, 2))

    def lenet(r, channels=(2, 3), hidden=4, classes=80):
        weights = conv(r, "conv1", 1, channels[0]) | conv(r, "conv2", *channels)
        weights |= linear(r, "dense1", 12 * 12 * channels[1], hidden) | linear(r, "dense2", hidden, classes)

        def forward(x, w):
            x = conv2d(x, *layer(w, "conv1"), activation="relu")
            x = conv2d(x, *layer(w, "conv2"), activation="relu")
            x = max_pool2d(x, (2, 2), (2, 2)).flatten(1)
            x = dense(x, *layer(w, "dense1"), activation="relu")
            return dense(x, *layer(w, "dense2"))
        return classify(weights, r.uniform(0, 1, 2, 28, 28, 1), forward, r.integers(0, classes, 2))

    def crnn(r, channels=(2, 4), hidden=5, classes=80):
        narrow, wide = channels
        weights = conv(r, "conv1", 1, narrow) | conv(r, "conv2", narrow, wide) | conv(r, "conv3", wide, wide)
        weights |= {"norm.weight": r.uniform(0.5, 1.5, wide), "norm.bias": r.normal(wide, scale=0.1)}
        weights |= conv(r, "conv4", wide, wide) | conv(r, "conv5", wide, wide)
        weights |= lstm_direction(r, wide, hidden, "lstm.forward.") | lstm_direction(r, wide, hidden, "lstm.backward.")
        weights |= linear(r, "dense", 2 * hidden, classes)
        statistics = {"norm.running_mean": r.uniform(0.1, 0.6, wide), "norm.running_variance": r.uniform(0.3, 1, wide)}

        def forward(x, w):
            for name in ("conv1", "conv2"):
                x = max_pool2d(conv2d(x, *layer(w, name), padding=1, activation="relu"), (2, 2), (2, 2))
            x = conv2d(x, *layer(w, "conv3"), activation="relu")
            x = batch_norm(x, *layer(w, "norm"), *statistics.values(), training=False)
            for name in ("conv4", "conv5"):
                x = conv2d(x, *layer(w, name), activation="relu")
            parts = ("input_weight", "recurrent_weight", "bias")
            directions = [[w[f"lstm.{d}.{part}"] for part in parts] for d in ("forward", "backward")]
            return dense(lstm(x.squeeze(1), *directions)[0], *layer(w, "dense"))

        labels = {
            "labels": torch.tensor([[10, 36, 36, 62], [5, 79, 79, 79]]),
            "logit_lengths": torch.tensor([9, 7]), "label_lengths": torch.tensor([4, 1])}
        return golden(weights, r.uniform(0, 1, 2, 28, 60, 1), forward,
                      lambda logits: ctc_losses(logits, **labels, blank=79).mean(), statistics | labels)

    def fcn(r, filters=2, classes=3, dilations=(3, 3, 7, 7, 7, 7, 7)):
        weights, inputs = {}, 1
        for i in range(len(dilations)):
            weights |= conv(r, f"block{i + 1}.conv1", inputs, filters, 7)
            weights |= conv(r, f"block{i + 1}.conv2", filters, filters, 7, gain=1.0)
            weights |= conv(r, f"block{i + 1}.shortcut", inputs, filters, 1, gain=1.0)
            inputs = filters
        weights |= conv(r, "head", filters, classes, 1)

        def forward(x, w):
            for i, dilation in enumerate(dilations):
                options = dict(padding="same", dilation=dilation)
                residual = conv2d(x, *layer(w, f"block{i + 1}.conv1"), **options, activation="relu")
                residual = conv2d(residual, *layer(w, f"block{i + 1}.conv2"), **options)
                x = activate(residual + conv2d(x, *layer(w, f"block{i + 1}.shortcut")), "relu")
            return conv2d(x, *layer(w, "head"))
        return classify(weights, r.uniform(0, 1, 1, 40, 40, 1), forward, r.integers(0, classes, 1, 40, 40))

    def unet(r, filters=2, depth=2, classes=3):
        weights, statistics, sizes = {}, {}, [filters * 2 ** level for level in range(depth + 1)]

        def add_block(name, inputs, outputs):
            for number, source in (("1", inputs), ("2", outputs)):
                weight = f"{name}.conv{number}.weight"
                weights[weight] = conv(r, f"{name}.conv{number}", source, outputs)[weight]
                norm = f"{name}.norm{number}"
                weights.update({f"{norm}.weight": r.uniform(0.5, 1.5, outputs), f"{norm}.bias": r.normal(outputs)})
                statistics.update({f"{norm}.running_mean": r.normal(outputs, scale=0.1),
                                   f"{norm}.running_variance": r.uniform(0.3, 1, outputs)})

        for level, size in enumerate(sizes):
            add_block(f"down{level + 1}", sizes[level - 1] if level else 1, size)
        for level in range(depth):
            add_block(f"merge{level + 1}", 2 * sizes[level], sizes[level])
            weights.update({f"up{level + 1}.weight": r.normal(2, 2, sizes[level + 1], sizes[level], scale=0.5),
                            f"up{level + 1}.bias": r.normal(sizes[level], scale=0.1)})
        weights |= conv(r, "head", filters, classes, 1)

        def forward(x, w):
            def block(name, x):
                for number in "12":
                    norm = f"{name}.norm{number}"
                    x = conv2d(x, w[f"{name}.conv{number}.weight"], padding=1)
                    x = batch_norm(x, *layer(w, norm), statistics[f"{norm}.running_mean"],
                                   statistics[f"{norm}.running_variance"], training=False)
                    x = activate(x, "relu")
                return x

            features = [block("down1", x)]
            for level in range(depth):
                features.append(block(f"down{level + 2}", max_pool2d(features[-1], (2, 2), (2, 2))))
            x = features.pop()
            for level in reversed(range(depth)):
                x = conv_transpose2d(x, *layer(w, f"up{level + 1}"), stride=2)
                x = block(f"merge{level + 1}", torch.cat([features.pop(), x], -1))
            return conv2d(x, *layer(w, "head"))

        labels = r.integers(0, classes, 1, 8, 12)
        loss = lambda logits: F.cross_entropy(logits.flatten(0, -2), labels.flatten())
        return golden(weights, r.uniform(0, 1, 1, 8, 12, 1), forward, loss, statistics | {"labels": labels})

    fixture.add("mlp", mlp, hidden=3, classes=80)
    fixture.add("lenet", lenet, channels=[2, 3], hidden=4, classes=80)
    fixture.add("crnn", crnn, channels=[2, 4], hidden=5, classes=80, blank=79)
    fixture.add("fcn", fcn, filters=2, classes=3, dilations=[3, 3, 7, 7, 7, 7, 7])
    fixture.add("unet", unet, filters=2, depth=2, classes=3)


FILES = {
    "elementwise": elementwise, "reductions": reductions, "matmul": matmul, "softmax": softmax, "shapes": shapes,
    "dense": dense_layer, "conv2d": conv2d_layer, "conv2d_groups": conv2d_groups,
    "conv_transpose2d": conv_transpose2d_layer, "maxpool2d": maxpool2d,
    "batchnorm": batchnorm, "layernorm": layernorm, "lstm": lstm_layer, "gru": gru_layer,
    "attention": attention_operation, "avgpool2d": avgpool2d, "resize": resize, "groupnorm": groupnorm,
    "embedding": embedding, "transformer": transformer, "cross_entropy": cross_entropy, "ctc": ctc, "optimizers": optimizers,
    "networks": networks,
}

if __name__ == "__main__":
    warnings.filterwarnings("ignore", "Using padding=.same. with even kernel lengths")
    torch.set_num_threads(1)
    torch.use_deterministic_algorithms(True)
    unknown = [name for name in sys.argv[1:] if name not in FILES]
    if unknown:
        sys.exit(f"unknown: {' '.join(unknown)}; choose among {' '.join(FILES)}")
    for name in sys.argv[1:] or FILES:
        fixture = Fixture(name)
        FILES[name](fixture)
        fixture.write(Path(__file__).parent)
