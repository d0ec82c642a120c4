"""The networks of Sources/BenchmarkCases/Networks.swift in PyTorch, with the same data, loss and optimizer."""
import torch
import torch.nn.functional as F
from torch import nn


class LineReader(nn.Module):
    """28 x 952 -> 238 steps of 384 features -> two bidirectional LSTMs -> 81 classes"""

    def __init__(self):
        super().__init__()
        self.convolutions = nn.ModuleList(
            nn.Conv2d(i, o, 3, padding=1) for i, o in ((1, 32), (32, 64), (64, 128)))
        self.recurrent = nn.LSTM(384, 128, num_layers=2, bidirectional=True)
        self.head = nn.Linear(256, 81)

    def forward(self, x):
        for convolution, window in zip(self.convolutions, (2, 2, (2, 1))):
            x = F.max_pool2d(F.relu(convolution(x)), window)
        steps, _ = self.recurrent(x.permute(3, 0, 1, 2).flatten(2))
        return F.log_softmax(self.head(steps), -1)


class ResidualBlock(nn.Module):
    """relu(norm(conv(relu(norm(conv x)))) + x), with a pointwise convolution of x where channels differ."""

    def __init__(self, inputs, outputs):
        super().__init__()
        self.body = nn.Sequential(
            nn.Conv2d(inputs, outputs, 3, padding=1, bias=False), nn.BatchNorm2d(outputs), nn.ReLU(),
            nn.Conv2d(outputs, outputs, 3, padding=1, bias=False), nn.BatchNorm2d(outputs))
        self.skip = nn.Sequential() if inputs == outputs else nn.Sequential(
            nn.Conv2d(inputs, outputs, 1, bias=False), nn.BatchNorm2d(outputs))

    def forward(self, x):
        return F.relu(self.body(x) + self.skip(x))


class ResidualCRNN(nn.Module):
    """64 x 900 -> residual blocks -> 225 steps of 128 features -> two bidirectional LSTMs -> 81 classes"""

    def __init__(self):
        super().__init__()
        self.features = nn.Sequential(
            nn.Conv2d(1, 32, 5, 2, 2, bias=False), nn.BatchNorm2d(32), nn.ReLU(), ResidualBlock(32, 32),
            nn.MaxPool2d(2), ResidualBlock(32, 64), ResidualBlock(64, 64),
            nn.MaxPool2d((2, 1)), ResidualBlock(64, 128), ResidualBlock(128, 128))
        self.recurrent = nn.LSTM(128, 192, num_layers=2, bidirectional=True)
        self.head = nn.Linear(384, 81)

    def forward(self, x):
        steps, _ = self.recurrent(self.features(x).amax(2).permute(2, 0, 1))
        return F.log_softmax(self.head(steps), -1)


def twice(inputs, outputs):
    return nn.Sequential(
        nn.Conv2d(inputs, outputs, 3, padding=1, bias=False), nn.BatchNorm2d(outputs), nn.ReLU(),
        nn.Conv2d(outputs, outputs, 3, padding=1, bias=False), nn.BatchNorm2d(outputs), nn.ReLU())


class UNet(nn.Module):
    """Four halvings from 16 channels to 256 and back, with skip connections."""

    def __init__(self):
        super().__init__()
        widths = [16, 32, 64, 128, 256]
        self.down = nn.ModuleList(twice(i, o) for i, o in zip([1] + widths, widths))
        self.up = nn.ModuleList(nn.ConvTranspose2d(o, i, 2, 2) for i, o in zip(widths, widths[1:]))
        self.merge = nn.ModuleList(twice(2 * i, i) for i in widths[:-1])
        self.head = nn.Conv2d(16, 3, 1)

    def forward(self, x):
        skips = []
        for block in self.down[:-1]:
            skips.append(block(x))
            x = F.max_pool2d(skips[-1], 2)
        x = self.down[-1](x)
        for skip, up, merge in zip(reversed(skips), reversed(self.up), reversed(self.merge)):
            x = merge(torch.cat([skip, up(x)], 1))
        return self.head(x)


def fcn():
    layers = []
    for index, dilation in enumerate((1, 1, 2, 4, 8, 16)):
        layers += [nn.Conv2d(32 if index else 1, 32, 3, padding=dilation, dilation=dilation), nn.ReLU()]
    return nn.Sequential(*layers, nn.Conv2d(32, 3, 1))


def make(name):
    torch.manual_seed(0)
    if name == "mlp":
        return nn.Sequential(nn.Linear(784, 128), nn.ReLU(), nn.Linear(128, 128), nn.ReLU(), nn.Linear(128, 80))
    if name == "lenet":
        return nn.Sequential(
            nn.Conv2d(1, 32, 3), nn.ReLU(), nn.Conv2d(32, 64, 3), nn.ReLU(), nn.MaxPool2d(2), nn.Dropout(0.25),
            nn.Flatten(), nn.Linear(9216, 128), nn.ReLU(), nn.Dropout(0.5), nn.Linear(128, 80))
    return dict(crnn=LineReader, residualCRNN=ResidualCRNN, unet=UNet, fcn=fcn)[name]()


def images(name, count):
    shapes = dict(mlp=(784,), lenet=(1, 28, 28), crnn=(1, 28, 952), residualCRNN=(1, 64, 900))
    return torch.randn(count, *shapes.get(name, (1, 256, 256)))


def loss(name, count):
    """from a network's output to its loss"""
    if name in ("crnn", "residualCRNN"):
        labels = torch.randint(1, 81, (count, 50))
        lengths = torch.full((count,), 50)
        return lambda output: F.ctc_loss(output, labels, torch.full((count,), output.shape[0]), lengths)
    if name in ("mlp", "lenet"):
        labels = torch.randint(0, 80, (count,))
    else:
        labels = torch.randint(0, 3, (count, 256, 256))
    return lambda output: F.cross_entropy(output, labels)


def inference(name, layout):
    network = make(name).eval().to(memory_format=layout)
    x = images(name, 1)
    x = x.to(memory_format=layout) if x.dim() == 4 else x
    return lambda: network(x)


def training(name, count, layout):
    """A step: forward, backward, fused Adam."""
    network = make(name).train().to(memory_format=layout)
    x, criterion = images(name, count), loss(name, count)
    x = x.to(memory_format=layout) if x.dim() == 4 else x
    optimizer = torch.optim.Adam(network.parameters(), 1e-4, fused=True)

    def step():
        optimizer.zero_grad(set_to_none=True)
        criterion(network(x)).backward()
        optimizer.step()
    return step


class Attention(nn.Module):
    """Normalized multi-head self-attention with a skip connection."""

    def __init__(self, width=256, heads=4):
        super().__init__()
        self.heads = heads
        self.norm, self.qkv, self.out = nn.LayerNorm(width), nn.Linear(width, 3 * width), nn.Linear(width, width)

    def forward(self, x):
        batch, time, width = x.shape
        qkv = self.qkv(self.norm(x)).view(batch, time, 3, self.heads, width // self.heads)
        q, k, v = qkv.permute(2, 0, 3, 1, 4)
        y = F.scaled_dot_product_attention(q, k, v)
        return x + self.out(y.transpose(1, 2).reshape(batch, time, width))
