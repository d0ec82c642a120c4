extension BatchLoader {
    /// The samples `indices` as a batch of an epoch. Traps where ``load(_:epoch:)`` throws.
    public func batch(_ indices: [Int], epoch: Int) -> Batch {
        do {
            return try load(indices, epoch: epoch)
        } catch {
            preconditionFailure("\(error)")
        }
    }

    /// The samples `indices` as a batch of an epoch.
    /// - Throws: ``ExpectationError`` if a sample does not fit the others, and errors of the maker of samples.
    public func load(_ indices: [Int], epoch: Int) throws -> Batch {
        let names = indices.map { name(of: $0, epoch: epoch) }
        let examples = try distorted(indices, names, epoch: epoch)
        let lengths = examples.map(\.labels.count)
        return Batch(
            input: joined(inputs: examples.map(\.input)), labels: joined(labels: examples.map(\.labels)),
            targets: examples.first?.targets == nil ? nil : .stacked(examples.compactMap(\.targets)),
            widths: examples.map(\.width), labelLengths: lengths, names: names)
    }

    /// The inputs side by side, padded with zeros to the longest.
    private func joined(inputs: [Tensor<Float>]) -> Tensor<Float> {
        guard let first = inputs.first else { return .zeros([0]) }
        guard let axis = first.shape.paddedAxis else { return .stacked(inputs) }
        let width = max(inputs.map { $0.shape[axis] }.max() ?? 1, minimumWidth)
        var shape = first.shape
        shape[axis] = width
        let height = shape[..<axis].reduce(1, *)
        let features = shape[shape.rank - 1]
        return Tensor<Float>(shape: Shape([inputs.count] + shape)) { out in
            out.zero()
            guard let base = out.baseAddress else { return }
            for (n, input) in inputs.enumerated() {
                let row = input.shape[axis] * features
                input.withUnsafeBuffer { elements in
                    guard let elements = elements.baseAddress else { return }
                    for h in 0..<height {
                        (base + (n * height + h) * width * features).update(from: elements + h * row, count: row)
                    }
                }
            }
        }
    }

    /// The labels side by side; texts are padded with 0 to the longest.
    private func joined(labels: [Tensor<Int32>]) -> Tensor<Int32> {
        guard let shape = labels.first?.shape else { return .zeros([0]) }
        guard shape.rank == 1 else { return .stacked(labels) }
        let longest = labels.map(\.count).max() ?? 0
        return Tensor(
            labels.flatMap { $0.scalars + [Int32](repeating: 0, count: longest - $0.count) },
            shape: [labels.count, longest])
    }

    /// Checks that samples have one shape but for their width, labels of one kind, and targets of one shape.
    private func check(_ examples: [Example], _ names: [String]) throws {
        guard let first = examples.first else { return }
        for (example, name) in zip(examples, names) {
            func expect(_ condition: Bool, _ problem: @autoclosure () -> String) throws {
                guard condition else { throw ExpectationError(sample: name, problem: problem()) }
            }
            var (shape, wanted) = (example.inputShape, first.inputShape)
            try expect(
                1...3 ~= shape.rank,
                "has shape \(shape); it must be an image [height, width, channels], a sequence [time, features], or "
                    + "[features]")
            if shape.rank == wanted.rank, let axis = shape.paddedAxis { (shape[axis], wanted[axis]) = (0, 0) }
            try expect(
                shape == wanted,
                "has shape \(example.inputShape), but \(names[0]), in the same batch, has \(first.inputShape)")
            let (labels, others) = (example.labels.shape, first.labels.shape)
            try expect(
                labels == others || labels.rank == 1 && others.rank == 1,
                "has labels of shape \(labels), but \(names[0]), in the same batch, has labels of \(others)")
            try expect(
                example.targets?.shape == first.targets?.shape,
                "has \(example.targets.map { "targets of shape \($0.shape)" } ?? "no targets"), but \(names[0]), in the same "
                    + "batch, has \(first.targets.map { "targets of \($0.shape)" } ?? "none")")
        }
    }

    /// The distorted samples of an epoch. They depend on seed, epoch and sample alone, except for the ink of neighbors,
    /// which is that of the batch.
    /// - Throws: ``ExpectationError`` if a sample cannot be distorted, and errors of the maker of samples.
    private func distorted(_ indices: [Int], _ names: [String], epoch: Int) throws -> [Example] {
        guard let augmentation else {
            let examples = try parallelMap(indices.count) { place in Result { try example(indices[place], epoch) } }
                .map { try $0.get() }
            try check(examples, names)
            return examples
        }
        let stream = RandomStream(seed: seed).split(epoch).split(1)
        let moved = try parallelMap(indices.count) { place in
            Result {
                var random = stream.split(indices[place])
                var whole = try joined(indices[place], epoch: epoch)
                // Made from gray levels once, not whenever it is looked at.
                whole.input = whole.input
                if let problem = augmentation.problem(of: whole) {
                    throw ExpectationError(sample: names[place], problem: problem)
                }
                return (example: augmentation.moved(whole, using: &random), random: random)
            }
        }.map { try $0.get() }
        // Before neighbors, which are read as images of one height.
        try check(moved.map(\.example), names)
        let images = moved.map(\.example.input)
        return parallelMap(indices.count) { place in
            var (example, random) = moved[place]
            if example.isText {
                example.input = augmentation.withNeighbors(place, of: images, using: &random)
            }
            example.input = augmentation.retouched(example.input, using: &random)
            return example
        }
    }
}

extension Example {
    /// The extent that may differ within a batch: the width of an image or the length of a sequence; 1 for features.
    var width: Int { inputShape.paddedAxis.map { inputShape[$0] } ?? 1 }

    /// Whether this is a line of text. An example with targets is none, although its labels have one axis.
    var isText: Bool { labels.rank == 1 && targets == nil }
}

extension Shape {
    /// The axis along which inputs of a batch are padded, the one before the last.
    fileprivate var paddedAxis: Int? { rank < 2 ? nil : rank - 2 }
}
