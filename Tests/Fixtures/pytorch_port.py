"""Writes pytorch_port.safetensors: networks of the labs' PyTorch port, small, with inputs and outputs of PyTorch.

Modules are nested so that the parameters have the port's names; the networks are built from their descriptions. A case
holds the parameters, `case/input` [batch, height, width] and `case/output`, channels last. Its attributes are

    network      the configuration of the network in Ductus that takes the parameters
    activation   what the port's network ends in: logits, softmax or logSoftmax
    shapes       the parameters' shapes in the port's own size, with 80 classes

Usage: python pytorch_port.py
"""

import json
from pathlib import Path

import torch
from torch import nn
from torch.nn import functional as F
from generate import write_safetensors


def mlp(classes=80, inputs=784, width=128, layers=3):
    class MLP(nn.Module):
        def __init__(self):
            super().__init__()
            sizes = [inputs] + [width] * layers
            parts = []
            for before, after in zip(sizes, sizes[1:]):
                parts += [nn.Linear(before, after), nn.ReLU(), nn.Dropout(0.2)]
            self.layers = nn.Sequential(*parts, nn.Linear(width, classes))

        def forward(self, x):
            return self.layers(x.flatten(1)).log_softmax(-1)
    return MLP()


def lenet(classes=80, side=28, filters=(32, 64), width=128):
    class LeNet(nn.Module):
        def __init__(self):
            super().__init__()
            self.conv_layer = nn.Sequential(
                nn.Conv2d(1, filters[0], 3), nn.ReLU(), nn.Conv2d(*filters, 3), nn.ReLU(), nn.MaxPool2d(2),
                nn.Dropout(0.2))
            self.mlp_layer = nn.Sequential(
                nn.Linear(filters[1] * ((side - 4) // 2) ** 2, width), nn.ReLU(), nn.Dropout(0.2),
                nn.Linear(width, classes))

        def forward(self, x):
            return self.mlp_layer(self.conv_layer(x[:, None]).flatten(1)).softmax(-1)
    return LeNet()


def convolutions(filters):
    return nn.Sequential(nn.Conv2d(1, filters[0], 3), nn.ReLU(), nn.Conv2d(*filters, 3), nn.ReLU(), nn.MaxPool2d(2))


def all_conv(classes=80, characters=34, columns=952, window=16, stride=8, filters=(32, 64), width=128):
    group = ((columns - window) // stride + 1) // characters

    class AllConvolutional(nn.Module):
        def __init__(self):
            super().__init__()
            self.l1 = convolutions(filters)
            self.l2 = nn.Sequential(
                nn.Conv2d(filters[1], width, (12, window // 2 - 2), (1, stride // 2)), nn.ReLU(), nn.Dropout(0.2))
            self.l3 = nn.Sequential(nn.Conv2d(1, classes, (group, width), (group, 1)))

        def forward(self, x):
            features = self.l2(self.l1(x[:, None]))[:, :, 0].transpose(1, 2)
            return self.l3(features[:, None])[..., 0].transpose(1, 2)[:, :characters].log_softmax(-1)
    return AllConvolutional()


def lstm_ctc(classes=80, window=14, stride=5, filters=(32, 64), width=128, hidden=128):
    class WindowLSTM(nn.Module):
        def __init__(self):
            super().__init__()
            self.conv1 = convolutions(filters)
            self.conv2 = nn.Sequential(nn.Linear(filters[1] * 12 * ((window - 4) // 2), width), nn.ReLU())
            self.lstm = nn.LSTM(width, hidden, batch_first=True)
            self.linear = nn.Linear(hidden, classes)

        def forward(self, x):
            windows = x.unfold(2, window, stride).transpose(1, 2)
            features = self.conv2(self.conv1(windows.flatten(0, 1)[:, None]).flatten(1))
            return self.linear(self.lstm(features.unflatten(0, windows.shape[:2]))[0]).log_softmax(-1)
    return WindowLSTM()


def crnn(classes=80, filters=(64, 128, 128, 128, 128), hidden=128):
    class Recurrence(nn.Module):
        def __init__(self):
            super().__init__()
            self.rnn = nn.LSTM(filters[4], hidden, bidirectional=True, batch_first=True)
            self.embedding = nn.Linear(2 * hidden, classes)

        def forward(self, x):
            return self.embedding(self.rnn(x)[0])

    class CRNN(nn.Module):
        def __init__(self):
            super().__init__()
            f = (1, *filters)
            self.cnn = nn.Sequential(
                nn.Conv2d(f[0], f[1], 3, padding=1), nn.ReLU(), nn.MaxPool2d(2),
                nn.Conv2d(f[1], f[2], 3, padding=1), nn.ReLU(), nn.MaxPool2d(2),
                nn.Conv2d(f[2], f[3], 3), nn.ReLU(), nn.BatchNorm2d(f[3]),
                nn.Conv2d(f[3], f[4], 3), nn.ReLU(), nn.Conv2d(f[4], f[5], 3), nn.ReLU())
            self.rnn = Recurrence()

        def forward(self, x):
            return self.rnn(self.cnn(x[:, None]).squeeze(2).transpose(1, 2))
    return CRNN()


def fcn(classes=3, filters=8, dilations=(3, 3, 3, 3) + (7,) * 10):
    class Block(nn.Module):
        def __init__(self, inputs, first, second):
            super().__init__()
            self.x0 = nn.Sequential(nn.Conv2d(inputs, filters, 7, padding="same", dilation=first), nn.ReLU())
            self.x1 = nn.Conv2d(filters, filters, 7, padding="same", dilation=second)
            self.y = nn.Conv2d(inputs, filters, 1)

        def forward(self, x):
            return F.relu(self.x1(self.x0(x)) + self.y(x))

    class FCN(nn.Module):
        def __init__(self):
            super().__init__()
            blocks = [Block(filters if i else 1, *dilations[i:i + 2]) for i in range(0, len(dilations), 2)]
            self.layers = nn.Sequential(*blocks, nn.Conv2d(filters, classes, 1))

        def forward(self, x):
            return self.layers(x[:, None]).movedim(1, -1).log_softmax(-1)
    return FCN()


def unet(classes=3, filters=64, depth=4):
    class Pair(nn.Module):
        def __init__(self, inputs, outputs):
            super().__init__()
            self.double_conv = nn.Sequential(
                nn.Conv2d(inputs, outputs, 3, padding=1), nn.BatchNorm2d(outputs), nn.ReLU(),
                nn.Conv2d(outputs, outputs, 3, padding=1), nn.BatchNorm2d(outputs), nn.ReLU())

        def forward(self, x):
            return self.double_conv(x)

    class Smaller(nn.Module):
        def __init__(self, inputs, outputs):
            super().__init__()
            self.maxpool_conv = nn.Sequential(nn.MaxPool2d(2), Pair(inputs, outputs))

        def forward(self, x):
            return self.maxpool_conv(x)

    class Named(nn.Module):
        def __init__(self, conv):
            super().__init__()
            self.conv = conv

        def forward(self, x):
            return self.conv(x)

    class UNet(nn.Module):
        def __init__(self):
            super().__init__()
            sizes = [filters << min(level, depth - 1) for level in range(depth + 1)]
            self.inc = Pair(1, sizes[0])
            for level in range(1, depth + 1):
                self.add_module(f"down{level}", Smaller(sizes[level - 1], sizes[level]))
            for level in reversed(range(depth)):
                self.add_module(f"up{depth - level}", Named(Pair(2 * sizes[level], sizes[max(level - 1, 0)])))
            self.outc = Named(nn.Conv2d(filters, classes, 1))

        def forward(self, x):
            features = [self.inc(x[:, None])]
            for level in range(1, depth + 1):
                features.append(self.get_submodule(f"down{level}")(features[-1]))
            x = features.pop()
            for step in range(1, depth + 1):
                x = F.interpolate(x, scale_factor=2, mode="bilinear", align_corners=True)
                x = self.get_submodule(f"up{step}")(torch.cat([features.pop(), x], 1))
            return self.outc(x).movedim(1, -1).log_softmax(-1)
    return UNet()


# Network, configuration, shape of the input, what it ends in
CASES = {
    "mlp": (mlp, dict(classes=7, width=4, layers=3), (2, 28, 28), "logSoftmax"),
    "lenet": (lenet, dict(classes=7, filters=[2, 3], width=4), (2, 28, 28), "softmax"),
    "all_conv": (all_conv, dict(classes=7, characters=5, columns=120, filters=[2, 3], width=6), (2, 28, 120),
                 "logSoftmax"),
    "lstm_ctc": (lstm_ctc, dict(classes=7, filters=[2, 3], width=5, hidden=4), (2, 28, 61), "logSoftmax"),
    "crnn": (crnn, dict(classes=7, filters=[2, 3, 4, 3, 5], hidden=4), (2, 28, 60), "logits"),
    "fcn": (fcn, dict(filters=2, dilations=[1, 2, 3, 1]), (2, 20, 18), "logSoftmax"),
    "unet": (unet, dict(filters=2, depth=3), (2, 16, 24), "logSoftmax"),
}


def randomize(network, generator):
    """Normal weights that keep the scale of what passes, and statistics that are not those of a new network."""
    for name, value in network.state_dict().items():
        if name.endswith("running_var"):
            value.uniform_(0.3, 1.5, generator=generator)
        elif name.endswith("num_batches_tracked"):
            value.fill_(3)
        else:
            inputs = value[0].numel() if value.ndim > 1 else 10
            value.normal_(0, (2 / inputs) ** 0.5, generator=generator)


def main():
    torch.set_num_threads(1)
    tensors, attributes = {}, {}
    for seed, (case, (make, configuration, shape, activation)) in enumerate(CASES.items()):
        generator = torch.Generator().manual_seed(seed)
        network = make(**configuration).eval()
        with torch.no_grad():
            randomize(network, generator)
            input = torch.rand(shape, generator=generator)
            output = network.double()(input.double()).float()
        network.float()
        with torch.device("meta"):
            shapes = {name: list(value.shape) for name, value in make().state_dict().items()}
        attributes[case] = dict(network=configuration, activation=activation, shapes=shapes)
        for name, value in {**network.state_dict(), "input": input, "output": output}.items():
            tensors[f"{case}/{name}"] = value.numpy()
    attributes["unet"]["network"]["upsampling"] = "bilinear"
    metadata = {name: json.dumps(value, separators=(",", ":"), sort_keys=True) for name, value in attributes.items()}
    path = Path(__file__).with_name("pytorch_port.safetensors")
    write_safetensors(path, {"torch": torch.__version__, **metadata}, tensors)


if __name__ == "__main__":
    main()
