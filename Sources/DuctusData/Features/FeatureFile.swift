/// A file of a feature store: a tensor of all inputs concatenated, as gray levels or else as numbers, another of all labels,
/// their shapes, and a checksum for every example.
enum FeatureFile {
    /// What features depend on.
    struct Recipe: Equatable {
        let code: String
        /// JSON with sorted keys.
        let settings: String
        let data: String
        let count: Int

        init<Source: FeatureSource>(of data: Source, version: ContentHash? = nil) throws {
            code = Source.codeVersion
            settings = try JSONText(encoding: data.settings).text
            self.data = try (version ?? data.dataVersion()).description
            count = data.count
        }

        /// The hash that names the file. The first line of what is hashed is the version of the file format.
        var key: String { ContentHash("features 2\n\(code)\n\(settings)\n\(data)\n").description }

        var metadata: [String: String] {
            ["code": code, "settings": settings, "data": data, "examples": "\(count)"]
        }
    }

    /// Writes examples whose inputs are no images.
    /// - Returns: nil, or why there is no file.
    static func write(
        _ examples: [Example], named name: String, recipe: Recipe, to path: String, maximumBytes: Int
    ) -> Obstacle? {
        let bytes = examples.reduce(0) { $0 + 4 * ($1.inputShape.elementCount + $1.labels.count) }
        guard bytes <= maximumBytes else { return .tooLarge(bytes) }
        var archive = TensorArchive()
        archive.metadata = recipe.metadata
        archive.metadata["name"] = name
        do {
            archive.set("inputs", to: joined(examples.map(\.input)))
            archive.set("labels", to: joined(examples.map(\.labels)))
            archive.set("inputShapes", to: try shapes(examples.map(\.inputShape), path))
            archive.set("labelShapes", to: try shapes(examples.map(\.labels.shape), path))
            // Of the numbers, also where some inputs happen to be gray levels.
            let checksums = parallelMap(examples.count) { index in
                Example(input: examples[index].input, labels: examples[index].labels).checksum
            }
            archive.set("checksums", to: Tensor(checksums))
            try archive.write(to: path)
            return nil
        } catch {
            return .unwritable("\(error)")
        }
    }

    /// Writes the examples of images as they are made, of which only a part is in memory at any time.
    ///
    /// - Parameters:
    ///   - maximumBytes: the largest size of the file.
    ///   - examples: makes the examples of a range.
    /// - Returns: nil, or why there is no file.
    static func stream(
        named name: String, recipe: Recipe, to path: String, maximumBytes: Int,
        examples: (_ range: Range<Int>) throws -> [Example]
    ) throws -> Obstacle? {
        var metadata = recipe.metadata
        metadata["name"] = name
        var stream: TensorArchiveStream?
        var labels: [Tensor<Int32>] = []
        var (shapes, divisors, checksums): ([Shape], [Int32], [Int32]) = ([], [], [])
        for start in stride(from: 0, to: recipe.count, by: streamedExamples) {
            let range = start..<min(start + streamedExamples, recipe.count)
            let made = try examples(range)
            guard made.allSatisfy({ $0.levels != nil && $0.targets == nil }) else { return .noImages }
            let open = try stream ?? TensorArchiveStream(path, metadata: metadata, tensors: 6)
            stream = open
            for levels in made.compactMap(\.levels) {
                try open.append(levels.levels, to: "inputs")
                divisors.append(Int32(levels.divisor))
                shapes.append(levels.levels.shape)
            }
            labels += made.map(\.labels)
            checksums += parallelMap(made.count) { made[$0].checksum }
            let bytes = open.byteCount / range.upperBound * recipe.count + 4 * labels.reduce(0) { $0 + $1.count }
            guard bytes <= maximumBytes else { return .tooLarge(bytes) }
        }
        guard let stream else { return .noImages }
        try stream.append(Tensor(divisors), to: "divisors")
        try stream.append(joined(labels), to: "labels")
        try stream.append(self.shapes(shapes, path), to: "inputShapes")
        try stream.append(self.shapes(labels.map(\.shape), path), to: "labelShapes")
        try stream.append(Tensor(checksums), to: "checksums")
        try stream.commit()
        return nil
    }

    /// Why examples are not kept.
    enum Obstacle: Equatable {
        /// Some inputs have more than 256 gray levels.
        case noImages
        case tooLarge(_ bytes: Int)
        case unwritable(_ reason: String)
    }

    /// The number of examples in memory at a time.
    private static let streamedExamples = 2048

    /// The examples, which share the memory of the mapped file.
    static func read(_ path: String, recipe: Recipe) throws -> [Example] {
        let archive = try TensorArchive(contentsOf: path)
        guard archive.metadata.filter({ $0.key != "name" }) == recipe.metadata else {
            throw ArchiveError(path, "holds features of something else.")
        }
        let labels: [Tensor<Int32>] = try parts(archive, "labels", "labelShapes", recipe.count)
        let checksums = try archive.tensor("checksums", as: Int32.self).scalars
        let examples: [Example]
        if archive.elementType(of: "inputs") == .uint8 {
            let levels: [Tensor<UInt8>] = try parts(archive, "inputs", "inputShapes", recipe.count)
            let divisors = try archive.tensor("divisors", as: Int32.self).scalars
            guard divisors.count >= recipe.count, divisors.allSatisfy({ 0...255 ~= $0 }) else {
                throw ArchiveError(path, "is damaged.")
            }
            examples = levels.indices.map { index in
                let divisor = max(Int(divisors[index]), 1)
                return Example(levels: GrayLevels(levels: levels[index], divisor: divisor), labels: labels[index])
            }
        } else {
            let inputs: [Tensor<Float>] = try parts(archive, "inputs", "inputShapes", recipe.count)
            examples = zip(inputs, labels).map { Example(input: $0, labels: $1) }
        }
        guard checksums.count >= examples.count,
            parallelMap(examples.count, { examples[$0].checksum }) == Array(checksums.prefix(examples.count))
        else { throw ArchiveError(path, "is damaged.") }
        return examples
    }

    static func entry(_ path: String) -> FeatureStore.Entry? {
        guard let archive = try? TensorArchive(contentsOf: path) else { return nil }
        let notes = archive.metadata
        guard let name = notes["name"], let code = notes["code"], let settings = notes["settings"],
            let data = notes["data"], let examples = notes["examples"].flatMap({ Int($0) })
        else { return nil }
        return FeatureStore.Entry(
            name: name, examples: examples, code: code, settings: settings, data: data,
            bytes: File.size(path) ?? 0, path: path)
    }

    private static func joined<Scalar: TensorScalar>(_ tensors: [Tensor<Scalar>]) -> Tensor<Scalar> {
        var starts = [0]
        for tensor in tensors { starts.append(starts[starts.count - 1] + tensor.count) }
        return Tensor(shape: [starts[tensors.count]]) { out in
            guard let base = out.baseAddress else { return }
            parallel(tensors.count) { index in
                tensors[index].withUnsafeBuffer { elements in
                    guard let source = elements.baseAddress else { return }
                    (base + starts[index]).update(from: source, count: elements.count)
                }
            }
        }
    }

    /// The number of axes, then the extents of every example.
    private static func shapes(_ shapes: [Shape], _ path: String) throws -> Tensor<Int32> {
        let rank = shapes.first?.rank ?? 0
        guard shapes.allSatisfy({ $0.rank == rank }) else {
            throw ArchiveError(path, "cannot hold examples of different ranks.")
        }
        return Tensor([Int32(rank)] + shapes.flatMap { $0.map { Int32($0) } })
    }

    /// The tensors that were concatenated, as views.
    private static func parts<Scalar: TensorScalar>(
        _ archive: TensorArchive, _ name: String, _ shapesName: String, _ count: Int
    ) throws -> [Tensor<Scalar>] {
        let all = try archive.tensor(name, as: Scalar.self)
        let extents = try archive.tensor(shapesName, as: Int32.self).scalars.map { Int($0) }
        guard all.rank == 1, let rank = extents.first, 0...Shape.maximumRank ~= rank, extents.count > rank * count
        else {
            throw ArchiveError(archive.path, "tensors \"\(name)\" and \"\(shapesName)\" do not hold \(count) examples.")
        }
        var start = 0
        return try (0..<count).map { index in
            let shape = Array(extents[1 + index * rank..<1 + (index + 1) * rank])
            let size = shape.reduce(1) { $0.multipliedReportingOverflow(by: $1).partialValue }
            guard shape.allSatisfy({ (0...all.count).contains($0) }), (0...all.count - start).contains(size) else {
                throw ArchiveError(archive.path, "tensor \"\(shapesName)\" is damaged.")
            }
            defer { start += size }
            return all[start..<start + size].reshaped(to: Shape(shape))
        }
    }
}

extension Example {
    /// The CRC-32 of shapes and elements, those of the gray levels if there are any.
    fileprivate var checksum: Int32 {
        let shapes = (Array(inputShape) + [-(levels?.divisor ?? 1)] + Array(labels.shape)).map { Int32($0) }
        func checksum(_ input: UnsafeRawBufferPointer) -> Int32 {
            shapes.withUnsafeBytes { shapes in
                labels.withUnsafeBuffer { labels in
                    Int32(bitPattern: Deflate.checksum([shapes, input, UnsafeRawBufferPointer(labels)]))
                }
            }
        }
        return levels.map { $0.levels.withUnsafeBuffer { checksum(UnsafeRawBufferPointer($0)) } }
            ?? input.withUnsafeBuffer { checksum(UnsafeRawBufferPointer($0)) }
    }
}
