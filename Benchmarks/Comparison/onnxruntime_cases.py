"""The cases without gradients in ONNX Runtime: graphs of one operation, and the networks that PyTorch exported."""
import os

import numpy as np
import onnxruntime
from onnx import TensorProto, helper, numpy_helper

from Comparison import shapes

version = onnxruntime.__version__
_threads = 1
_random = np.random.default_rng(0)


def start(threads):
    global _threads
    _threads = threads


def normal(*shape):
    return _random.standard_normal(shape, dtype=np.float32)


def session(model):
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads, options.inter_op_num_threads, options.log_severity_level = _threads, 1, 3
    return onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])


def bound(session, *inputs):
    """A run with inputs and outputs that stay where they are, which is the fastest way to ask."""
    first = session.get_outputs()[0].name
    names = [x.name for x in session.get_inputs()]
    shape = session.run([first], dict(zip(names, inputs)))[0].shape
    binding = session.io_binding()
    values = [onnxruntime.OrtValue.ortvalue_from_numpy(x) for x in inputs]
    for name, value in zip(names, values):
        binding.bind_ortvalue_input(name, value)
    binding.bind_ortvalue_output(
        first, onnxruntime.OrtValue.ortvalue_from_shape_and_type(list(shape), np.float32))
    return lambda: session.run_with_iobinding(binding)


def operation(kind, *inputs, constants=(), opset=17, **attributes):
    """A graph of one node; the constants follow the inputs."""
    names = [f"x{i}" for i in range(len(inputs))]
    fixed = [f"c{i}" for i in range(len(constants))]
    graph = helper.make_graph(
        [helper.make_node(kind, names + fixed, ["y"], **attributes)], kind,
        [helper.make_tensor_value_info(n, TensorProto.FLOAT, x.shape) for n, x in zip(names, inputs)],
        [helper.make_tensor_value_info("y", TensorProto.FLOAT, None)],
        [numpy_helper.from_array(c, n) for c, n in zip(constants, fixed)])
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", opset)])
    model.ir_version = 9
    return {"": bound(session(model.SerializeToString()), *inputs)}


def cases(folder):
    found = {}
    for name, m, n, k in shapes.products():
        found[name] = lambda m=m, n=n, k=k: operation("MatMul", normal(m, k), constants=[normal(k, n)])
    for name, (n, c, h, w, k, size, padding, dilation) in shapes.CONVOLUTIONS.items():
        found[name + " fwd"] = lambda x=(n, c, h, w), k=(k, c, size, size), p=padding, d=dilation: operation(
            "Conv", normal(*x), constants=[normal(*k), normal(k[0])], pads=[p] * 4, dilations=[d, d],
            kernel_shape=k[2:])
    for name, (n, c, h, w, k, size, stride, groups) in shapes.GROUPED.items():
        found[name + " fwd"] = lambda x=(n, c, h, w), k=(k, c // groups, size, size), s=stride, g=groups: operation(
            "Conv", normal(*x), constants=[normal(*k), normal(k[0])], pads=[k[2] // 2] * 4, strides=[s, s], group=g,
            kernel_shape=k[2:])
    found["convT2x2s2 N8 C128 32x32 K64 fwd"] = lambda: operation(
        "ConvTranspose", normal(8, 128, 32, 32), constants=[normal(128, 64, 2, 2), normal(64)], strides=[2, 2],
        kernel_shape=[2, 2])
    found["maxpool2 32x64x56x56 fwd"] = lambda: operation(
        "MaxPool", normal(*shapes.IMAGES), kernel_shape=[2, 2], strides=[2, 2])
    found["batchnorm 32x64x56x56 infer"] = lambda: operation(
        "BatchNormalization", normal(*shapes.IMAGES),
        constants=[normal(64), normal(64), normal(64), np.abs(normal(64)) + 1])
    found["softmax 4096x83 fwd"] = lambda: operation("Softmax", normal(4096, 83), axis=-1)
    found["log_softmax 4096x83 fwd"] = lambda: operation("LogSoftmax", normal(4096, 83), axis=-1)
    found["layernorm 4096x256 fwd"] = lambda: operation(
        "LayerNormalization", normal(4096, 256), constants=[normal(256), normal(256)], axis=-1)
    for name, kind in dict(relu="Relu", sigmoid="Sigmoid", tanh="Tanh", exp="Exp", gelu="Gelu").items():
        for size, count in (("16M fwd", shapes.MILLIONS), ("64K fwd (in cache)", shapes.CACHED)):
            found[f"{name} {size}"] = lambda k=kind, n=count: operation(k, normal(n), opset=20)
    found["add 16M out="] = lambda: operation("Add", normal(shapes.MILLIONS), normal(shapes.MILLIONS))
    found["add 16 elements (dispatch overhead)"] = lambda: operation("Add", normal(16), normal(16))
    found["sum 16M"] = lambda: operation("ReduceSum", normal(shapes.MILLIONS), keepdims=0)
    for name, (time, batch, inputs, hidden, both) in shapes.LSTMS.items():
        found[name + " fwd"] = lambda e=(time, batch, inputs, hidden, both): recurrent("LSTM", 4, *e)
    found["gru T100 B32 I128 H128 fwd"] = lambda: recurrent(
        "GRU", 3, 100, 32, 128, 128, False, linear_before_reset=1)
    found["attention B16 T128 d256 h4 fwd"] = lambda: exported(folder, "attention")
    for name in shapes.BATCHES:
        found[f"infer {name} B1"] = lambda n=name: exported(folder, n)
    return found


def recurrent(kind, gates, time, batch, inputs, hidden, both, **attributes):
    directions = 2 if both else 1
    weights = [(directions, gates * hidden, inputs), (directions, gates * hidden, hidden),
               (directions, 2 * gates * hidden)]
    return operation(
        kind, normal(time, batch, inputs), constants=[normal(*w) * np.float32(0.1) for w in weights],
        hidden_size=hidden, direction="bidirectional" if both else "forward", **attributes)


def exported(folder, name):
    network = session(os.path.join(folder, name + ".onnx"))
    return {"": bound(network, normal(*network.get_inputs()[0].shape))}
