extension BatchLoader {
    /// The samples `indices` as a batch of an epoch.
    public func batch(_ indices: [Int], epoch: Int) -> Batch {
        let examples = distorted(indices, epoch: epoch)
        let height = examples[0].input.shape[0]
        let channels = examples[0].input.shape[2]
        let widths = examples.map { $0.input.shape[1] }
        let width = max(widths.max() ?? 1, minimumWidth)
        let input = Tensor<Float>(shape: [examples.count, height, width, channels]) { out in
            out.zero()
            for (n, example) in examples.enumerated() {
                let row = widths[n] * channels
                example.input.withUnsafeBuffer { pixels in
                    for h in 0..<height {
                        (out.baseAddress! + (n * height + h) * width * channels)
                            .update(from: pixels.baseAddress! + h * row, count: row)
                    }
                }
            }
        }
        let shape = examples[0].labels.shape
        let lengths = examples.map(\.labels.count)
        let labels: Tensor<Int32>
        if shape.rank == 1 {
            let longest = lengths.max() ?? 0
            labels = Tensor(
                examples.flatMap { $0.labels.scalars + [Int32](repeating: 0, count: longest - $0.labels.count) },
                shape: [examples.count, longest])
        } else {
            labels = Tensor(examples.flatMap { $0.labels.scalars }, shape: Shape([examples.count] + shape))
        }
        return Batch(
            input: input, labels: labels, widths: widths, labelLengths: lengths,
            names: indices.map { name(of: $0, epoch: epoch) })
    }

    /// The distorted samples of an epoch. They depend on seed, epoch and sample alone, except for the ink of neighbors,
    /// which is that of the batch.
    private func distorted(_ indices: [Int], epoch: Int) -> [Example] {
        guard let augmentation else { return parallelMap(indices.count) { example(indices[$0], epoch) } }
        let stream = RandomStream(seed: seed).split(epoch).split(1)
        let moved = parallelMap(indices.count) { place in
            var random = stream.split(indices[place])
            return (example: augmentation.moved(joined(indices[place], epoch: epoch), using: &random), random: random)
        }
        let images = moved.map(\.example.input)
        return parallelMap(indices.count) { place in
            var (example, random) = moved[place]
            if example.labels.rank == 1 {
                example.input = augmentation.withNeighbors(place, of: images, using: &random)
            }
            example.input = augmentation.retouched(example.input, using: &random)
            return example
        }
    }
}
