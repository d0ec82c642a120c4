"""The line reader of a weights file of Ductus as an ONNX file: the same weights for ONNX Runtime."""
import json

import numpy
import onnx
from onnx import TensorProto, helper, numpy_helper
from safetensors import safe_open


def read(path):
    """The tensors and the metadata of a weights file."""
    with safe_open(path, "numpy") as file:
        tensors = {name: file.get_tensor(name).astype(numpy.float32) for name in file.keys()}
        metadata = {key: json.loads(value) if value[:1] in "{[" else value for key, value in file.metadata().items()}
    return tensors, metadata


class Graph:
    """Nodes in order, each with one output, whose name is returned."""

    def __init__(self, tensors):
        self.tensors, self.nodes, self.constants = tensors, [], []

    def constant(self, array):
        name = f"constant{len(self.constants)}"
        self.constants.append(numpy_helper.from_array(numpy.ascontiguousarray(array), name))
        return name

    def node(self, operation, *inputs, outputs=1, **attributes):
        names = [f"{operation.lower()}{len(self.nodes)}.{index}" for index in range(outputs)]
        self.nodes.append(helper.make_node(operation, list(inputs), names, **attributes))
        return names[0]

    def convolution(self, x, name, stride=1):
        # [height, width, in, out] to [out, in, height, width]
        weight = self.tensors[f"{name}.weight"].transpose(3, 2, 0, 1)
        padding = weight.shape[2] // 2
        return self.node("Conv", x, self.constant(weight), pads=[padding] * 4, strides=[stride] * 2)

    def norm(self, x, name):
        parts = ["scale", "shift", "runningMean", "runningVariance"]
        constants = [self.constant(self.tensors[f"{name}.{part}"]) for part in parts]
        return self.node("BatchNormalization", x, *constants, epsilon=1e-5)

    def block(self, x, name):
        y = self.node("Relu", self.norm(self.convolution(x, f"{name}.conv1"), f"{name}.norm1"))
        y = self.norm(self.convolution(y, f"{name}.conv2"), f"{name}.norm2")
        if f"{name}.projection.weight" in self.tensors:
            x = self.norm(self.convolution(x, f"{name}.projection"), f"{name}.projectionNorm")
        return self.node("Relu", self.node("Add", y, x))

    def lstm(self, x, name, hidden):
        def gates(part):
            # i, f, g, o to the i, o, f, g of ONNX
            i, f, g, o = numpy.split(self.tensors[f"{name}.{part}"], 4, axis=-1)
            return numpy.concatenate([i, o, f, g], axis=-1)

        directions = ("forward", "backward")
        inputs, recurrent, biases = ([gates(f"{direction}.{part}") for direction in directions]
                                     for part in ("inputWeight", "recurrentWeight", "bias"))
        y = self.node(
            "LSTM", x, self.constant(numpy.stack([weight.T for weight in inputs])),
            self.constant(numpy.stack([weight.T for weight in recurrent])),
            self.constant(numpy.stack([numpy.concatenate([bias, 0 * bias]) for bias in biases])),
            outputs=3, direction="bidirectional", hidden_size=hidden)
        # [steps, 2, batch, hidden] to [steps, batch, 2 hidden]
        y = self.node("Transpose", y, perm=[0, 2, 1, 3])
        return self.node("Reshape", y, self.constant(numpy.array([0, 0, -1], numpy.int64)))


def export(weights, path):
    """Writes the network of a weights file for lines, and returns its alphabet and its preprocessing.

    The input `image` is [1, 1, height, width], ink up to 1 on 0; the output `logits` is [steps, 1, classes].
    """
    tensors, metadata = read(weights)
    if metadata["network"] != "residualCRNN":
        raise SystemExit(f"{weights}: the network {metadata['network']} has no export; residualCRNN has.")
    configuration = metadata["configuration"]
    graph = Graph(tensors)
    y = graph.node("Relu", graph.norm(graph.convolution("image", "stem", stride=2), "stemNorm"))
    for stage, blocks in enumerate(configuration["blocks"]):
        if stage > 0:
            size = [2, 2 if stage == 1 else 1]
            y = graph.node("MaxPool", y, kernel_shape=size, strides=size)
        for block in range(blocks):
            y = graph.block(y, f"stages.{stage}.{block}")
    y = graph.node("ReduceMax", y, graph.constant(numpy.array([2], numpy.int64)), keepdims=0)
    y = graph.node("Transpose", y, perm=[2, 0, 1])
    for layer in range(configuration["recurrentLayers"]):
        y = graph.lstm(y, f"recurrent.{layer}", configuration["hidden"])
    y = graph.node("MatMul", y, graph.constant(tensors["head.weight"]))
    graph.nodes.append(helper.make_node("Add", [y, graph.constant(tensors["head.bias"])], ["logits"]))
    shape = [1, 1, configuration["height"], "width"]
    model = helper.make_model(
        helper.make_graph(
            graph.nodes, "lines", [helper.make_tensor_value_info("image", TensorProto.FLOAT, shape)],
            [helper.make_tensor_value_info("logits", TensorProto.FLOAT, ["steps", 1, configuration["classes"]])],
            graph.constants),
        opset_imports=[helper.make_opsetid("", 18)])
    model.ir_version = 9
    onnx.checker.check_model(model)
    onnx.save(model, path)
    return metadata["characters"], metadata["input"]
