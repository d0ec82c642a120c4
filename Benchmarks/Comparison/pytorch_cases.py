"""The cases in PyTorch, as fast as it can be asked to: each in every variant that may be the fastest.

A case is a function without arguments that makes the operands and returns `{variant: what is timed}`.
"""
import os

import torch
import torch.nn.functional as F
from torch import nn

from Comparison import pytorch_networks as networks
from Comparison import shapes

version = torch.__version__
LAYOUTS = {"contiguous": torch.contiguous_format, "channels_last": torch.channels_last}
normal = torch.randn


def start(threads):
    torch.set_num_threads(threads)
    torch.set_num_interop_threads(1)


def forward(build):
    """Without gradients; the operands are made inside as well."""
    def prepare():
        with torch.inference_mode():
            body = build()

        def run():
            with torch.inference_mode():
                return body()
        return {"": run}
    return prepare


def backward(function, *inputs):
    """Forward, and from a given gradient of the result those of the inputs."""
    for x in inputs:
        x.requires_grad_()
    upstream = normal(function().shape)
    return lambda: torch.autograd.grad(function(), inputs, upstream)


def layouts(build):
    """One variant a memory format; `build` takes what brings a tensor into it."""
    def prepare():
        return {name: build(lambda x, f=layout: x.contiguous(memory_format=f)) for name, layout in LAYOUTS.items()}
    return prepare


def forward_in(layout, build):
    return forward(lambda: build(layout))()[""]


def cases():
    found = {}
    for part in (products, convolutions, pooling, normalizations, elementwise, recurrent, losses, optimizers,
                 whole_networks):
        found.update(part())
    return found


def products():
    def build(m, n, k):
        a, b, c = normal(m, k), normal(k, n), torch.empty(m, n)
        return lambda: torch.mm(a, b, out=c)
    return {name: forward(lambda e=extents: build(*e)) for name, *extents in shapes.products()}


def convolutions():
    found = {}
    for name, (n, c, h, w, k, size, padding, dilation) in shapes.CONVOLUTIONS.items():
        def operands(to, n=n, c=c, h=h, w=w, k=k, size=size):
            return to(normal(n, c, h, w)), to(normal(k, c, size, size)), normal(k)

        def convolve(x, weight, bias, padding=padding, dilation=dilation):
            return F.conv2d(x, weight, bias, padding=padding, dilation=dilation)

        def ahead(to, operands=operands, convolve=convolve):
            given = operands(to)
            return lambda: convolve(*given)

        def back(to, operands=operands, convolve=convolve, c=c):
            x, weight, bias = operands(to)
            return backward(lambda: convolve(x, weight, bias), *([x] if c > 1 else []), weight, bias)

        found[name + " fwd"] = layouts(lambda to, f=ahead: forward_in(to, f))
        found[name + " fwd+bwd"] = layouts(back)

    for name, (n, c, h, w, k, size, stride, groups) in shapes.GROUPED.items():
        def operands(to, n=n, c=c, h=h, w=w, k=k, size=size, groups=groups):
            return to(normal(n, c, h, w)), to(normal(k, c // groups, size, size)), normal(k)

        def convolve(x, weight, bias, stride=stride, padding=size // 2, groups=groups):
            return F.conv2d(x, weight, bias, stride=stride, padding=padding, groups=groups)

        def ahead(to, operands=operands, convolve=convolve):
            given = operands(to)
            return lambda: convolve(*given)

        def back(to, operands=operands, convolve=convolve):
            given = operands(to)
            return backward(lambda: convolve(*given), *given)

        found[name + " fwd"] = layouts(lambda to, f=ahead: forward_in(to, f))
        found[name + " fwd+bwd"] = layouts(back)

    def transposed(to):
        return to(normal(8, 128, 32, 32)), to(normal(128, 64, 2, 2)), normal(64)

    def ahead(to):
        given = transposed(to)
        return lambda: F.conv_transpose2d(*given, stride=2)

    def back(to):
        given = transposed(to)
        return backward(lambda: F.conv_transpose2d(*given, stride=2), *given)
    found["convT2x2s2 N8 C128 32x32 K64 fwd"] = layouts(lambda to: forward_in(to, ahead))
    found["convT2x2s2 N8 C128 32x32 K64 fwd+bwd"] = layouts(back)
    return found


def pooling():
    def ahead(to):
        x = to(normal(*shapes.IMAGES))
        return lambda: F.max_pool2d(x, 2)

    def back(to):
        x = to(normal(*shapes.IMAGES))
        return backward(lambda: F.max_pool2d(x, 2), x)
    return {"maxpool2 32x64x56x56 fwd": layouts(lambda to: forward_in(to, ahead)),
            "maxpool2 32x64x56x56 fwd+bwd": layouts(back)}


def normalizations():
    def statistics():
        return torch.zeros(64), torch.ones(64)

    def infer(to):
        x, w, b, (mean, variance) = to(normal(*shapes.IMAGES)), normal(64), normal(64), statistics()
        return lambda: F.batch_norm(x, mean, variance, w, b, False)

    def train(to):
        x, w, b, (mean, variance) = to(normal(*shapes.IMAGES)), normal(64), normal(64), statistics()
        return backward(lambda: F.batch_norm(x, mean, variance, w, b, True, 0.1), x, w, b)

    found = {"batchnorm 32x64x56x56 infer": layouts(lambda to: forward_in(to, infer)),
             "batchnorm 32x64x56x56 train fwd+bwd": layouts(train)}

    def on_rows(name, shape, function, *weights):
        def operands():
            return normal(*shape), *(normal(*w) for w in weights)

        def ahead():
            given = operands()
            return lambda: function(*given)

        def back():
            given = operands()
            return {"": backward(lambda: function(*given), *given)}
        found[name + " fwd"], found[name + " fwd+bwd"] = forward(ahead), back

    on_rows("softmax 4096x83", (4096, 83), lambda x: F.softmax(x, -1))
    on_rows("log_softmax 4096x83", (4096, 83), lambda x: F.log_softmax(x, -1))
    on_rows("layernorm 4096x256", (4096, 256), lambda x, w, b: F.layer_norm(x, (256,), w, b), (256,), (256,))
    return found


def elementwise():
    found = {}
    functions = dict(relu=torch.relu, sigmoid=torch.sigmoid, tanh=torch.tanh, exp=torch.exp, gelu=F.gelu)
    for name, function in functions.items():
        for size, count in (("16M fwd", shapes.MILLIONS), ("64K fwd (in cache)", shapes.CACHED)):
            def build(function=function, count=count):
                x = normal(count)
                return lambda: function(x)
            found[f"{name} {size}"] = forward(build)

    def add():
        x, y, z = normal(shapes.MILLIONS), normal(shapes.MILLIONS), torch.empty(shapes.MILLIONS)
        return lambda: torch.add(x, y, out=z)

    def add_little():
        x, y = normal(16), normal(16)
        return lambda: x + y

    def multiply_little():
        x, y = normal(16), normal(16)
        return {"": backward(lambda: x * y, x)}

    def total():
        x = normal(shapes.MILLIONS)
        return lambda: x.sum()
    found["add 16M out="] = forward(add)
    found["add 16 elements (dispatch overhead)"] = forward(add_little)
    found["mul 16 elements fwd+bwd (autograd overhead)"] = multiply_little
    found["sum 16M"] = forward(total)
    return found


def recurrent():
    def ahead(kind, time, batch, inputs, hidden, both=False):
        layer, x = kind(inputs, hidden, bidirectional=both).eval(), normal(time, batch, inputs)
        return lambda: layer(x)[0]

    def back(kind, time, batch, inputs, hidden, both=False):
        layer, x = kind(inputs, hidden, bidirectional=both), normal(time, batch, inputs)
        return {"": backward(lambda: layer(x)[0], x, *layer.parameters())}
    found = {}
    for name, extents in shapes.LSTMS.items():
        found[name + " fwd"] = forward(lambda e=extents: ahead(nn.LSTM, *e))
        found[name + " fwd+bwd"] = lambda e=extents: back(nn.LSTM, *e)
    found["gru T100 B32 I128 H128 fwd"] = forward(lambda: ahead(nn.GRU, 100, 32, 128, 128))
    found["gru T100 B32 I128 H128 fwd+bwd"] = lambda: back(nn.GRU, 100, 32, 128, 128)
    return found


def losses():
    def operands():
        labels = torch.randint(1, 83, (32, 40))
        return normal(100, 32, 83).log_softmax(-1), labels, torch.full((32,), 100), torch.full((32,), 40)

    def ahead():
        given = operands()
        return lambda: F.ctc_loss(*given)

    def back(prepared):
        def build():
            x, *rest = operands()
            x.requires_grad_()
            return {"": lambda: torch.autograd.grad(F.ctc_loss(prepared(x), *rest), x)}
        return build
    return {"ctc T100 B32 C83 L40 fwd": forward(ahead), "ctc T100 B32 C83 L40 fwd+bwd": back(lambda x: x),
            "ctc+log_softmax T100 B32 C83 L40 fwd+bwd": back(lambda x: x.log_softmax(-1))}


def optimizers():
    def build(count, tensors):
        parameters = [nn.Parameter(normal(count // tensors)) for _ in range(tensors)]
        for parameter in parameters:
            parameter.grad = normal(count // tensors)
        return {"": torch.optim.Adam(parameters, 1e-3, fused=True).step}
    return {"adam 4M params in 1 tensor (fused)": lambda: build(1 << 22, 1),
            "adam 256K params in 32 tensors (fused)": lambda: build(1 << 18, 32)}


def whole_networks():
    def attend():
        layer, x = networks.Attention().eval(), normal(16, 128, 256)
        return lambda: layer(x)

    def attend_back():
        layer, x = networks.Attention(), normal(16, 128, 256)
        return {"": backward(lambda: layer(x), x, *layer.parameters())}
    found = {"attention B16 T128 d256 h4 fwd": forward(attend), "attention B16 T128 d256 h4 fwd+bwd": attend_back}

    def in_layouts(name, build):
        kinds = LAYOUTS if name != "mlp" else {"": torch.contiguous_format}
        return lambda: {kind: build(layout) for kind, layout in kinds.items()}
    steps = [*shapes.BATCHES.items(), ("mlp", 8)]
    for name, count in steps:
        found[f"train {name} B{count}"] = in_layouts(name, lambda f, n=name, c=count: networks.training(n, c, f))
    for name in shapes.BATCHES:
        found[f"infer {name} B1"] = in_layouts(
            name, lambda f, n=name: forward(lambda: networks.inference(n, f))()[""])
    return found


def export(folder):
    """Writes the networks as ONNX files, for ONNX Runtime."""
    os.makedirs(folder, exist_ok=True)
    modules = {name: (networks.make(name), networks.images(name, 1)) for name in shapes.BATCHES}
    modules["attention"] = (networks.Attention(), normal(16, 128, 256))
    for name, (module, x) in modules.items():
        torch.onnx.export(
            module.eval(), (x,), os.path.join(folder, name + ".onnx"), dynamo=False, opset_version=17,
            input_names=["x"], output_names=["y"])
