import Ductus

/// Two convolutions, a pooling, two dense layers; dropout before each of these.
struct SmallConvolutional: Network {
    let features = Sequential {
        Conv2D(1, 32, activation: .relu)
        Conv2D(32, 64, activation: .relu)
        MaxPool2D(2)
        Dropout(0.25)
        Flatten()
    }
    let head = Sequential {
        Dense(9216, 128, activation: .relu)
        Dropout(0.5)
        Dense(128, 80)
    }

    func callAsFunction(_ x: Tensor<Float>) -> Tensor<Float> { head(features(x)) }
}

/// A line of text, 28 × 952 → 238 steps of 384 features → two bidirectional LSTMs → 81 classes.
struct LineReaderNetwork: Network {
    let features = Sequential {
        Conv2D(1, 32, padding: .same, activation: .relu)
        MaxPool2D(2)
        Conv2D(32, 64, padding: .same, activation: .relu)
        MaxPool2D(2)
        Conv2D(64, 128, padding: .same, activation: .relu)
        MaxPool2D(IntPair(2, 1))
    }
    let reader = Sequential {
        LSTM(384, 128, bidirectional: true)
        LSTM(256, 128, bidirectional: true)
        Dense(256, 81)
    }

    func callAsFunction(_ x: Tensor<Float>) -> Tensor<Float> {
        let y = features(x)
        return reader(y.permuted([0, 2, 1, 3]).reshaped(to: [y.shape[0], y.shape[2], 384]))
    }
}

/// Six dilated convolutions and a pointwise one: logits of three classes for every pixel.
struct PixelClassifier: Network {
    let layers = Sequential {
        Conv2D(1, 32, padding: .same, activation: .relu)
        for dilation in [1, 2, 4, 8, 16] {
            Conv2D(32, 32, padding: .same, dilation: IntPair(dilation, dilation), activation: .relu)
        }
        Conv2D(32, 3, kernelSize: 1)
    }

    func callAsFunction(_ x: Tensor<Float>) -> Tensor<Float> { layers(x) }
}
