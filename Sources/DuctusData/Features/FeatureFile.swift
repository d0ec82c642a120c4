/// A file of a feature store: a tensor of all inputs concatenated, another of all labels, their shapes, and a checksum
/// for every example.
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
        var key: String { ContentHash("features 1\n\(code)\n\(settings)\n\(data)\n").description }

        var metadata: [String: String] {
            ["code": code, "settings": settings, "data": data, "examples": "\(count)"]
        }
    }

    static func write(_ examples: [Example], named name: String, recipe: Recipe, to path: String) throws {
        var archive = TensorArchive()
        archive.metadata = recipe.metadata
        archive.metadata["name"] = name
        archive.set("inputs", to: joined(examples.map(\.input)))
        archive.set("labels", to: joined(examples.map(\.labels)))
        archive.set("inputShapes", to: try shapes(examples.map(\.input.shape), path))
        archive.set("labelShapes", to: try shapes(examples.map(\.labels.shape), path))
        archive.set("checksums", to: Tensor(parallelMap(examples.count) { examples[$0].checksum }))
        try archive.write(to: path)
    }

    /// The examples, which share the memory of the mapped file.
    static func read(_ path: String, recipe: Recipe) throws -> [Example] {
        let archive = try TensorArchive(contentsOf: path)
        guard archive.metadata.filter({ $0.key != "name" }) == recipe.metadata else {
            throw ArchiveError(path, "holds features of something else.")
        }
        let inputs: [Tensor<Float>] = try parts(archive, "inputs", "inputShapes", recipe.count)
        let labels: [Tensor<Int32>] = try parts(archive, "labels", "labelShapes", recipe.count)
        let checksums = try archive.tensor("checksums", as: Int32.self).scalars
        let examples = zip(inputs, labels).map { Example(input: $0, labels: $1) }
        guard checksums.count == examples.count,
            parallelMap(examples.count, { examples[$0].checksum }) == checksums
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

    /// A row for every example.
    private static func shapes(_ shapes: [Shape], _ path: String) throws -> Tensor<Int32> {
        let rank = shapes.first?.rank ?? 0
        guard shapes.allSatisfy({ $0.rank == rank }) else {
            throw ArchiveError(path, "cannot hold examples of different ranks.")
        }
        return Tensor(shapes.flatMap { $0.map { Int32($0) } }, shape: [shapes.count, rank])
    }

    /// The tensors that were concatenated, as views.
    private static func parts<Scalar: TensorScalar>(
        _ archive: TensorArchive, _ name: String, _ shapesName: String, _ count: Int
    ) throws -> [Tensor<Scalar>] {
        let all = try archive.tensor(name, as: Scalar.self)
        let shapes = try archive.tensor(shapesName, as: Int32.self)
        guard all.rank == 1, shapes.rank == 2, shapes.shape[0] == count else {
            throw ArchiveError(archive.path, "tensors \"\(name)\" and \"\(shapesName)\" do not hold \(count) examples.")
        }
        let (rank, extents) = (shapes.shape[1], shapes.scalars.map { Int($0) })
        var start = 0
        return try (0..<count).map { index in
            let shape = Array(extents[index * rank..<(index + 1) * rank])
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
    /// The CRC-32 of shapes and elements.
    fileprivate var checksum: Int32 {
        let shapes = (Array(input.shape) + [-1] + Array(labels.shape)).map { Int32($0) }
        return shapes.withUnsafeBytes { shapes in
            input.withUnsafeBuffer { input in
                labels.withUnsafeBuffer { labels in
                    Int32(
                        bitPattern: Deflate.checksum([
                            shapes, UnsafeRawBufferPointer(input), UnsafeRawBufferPointer(labels),
                        ]))
                }
            }
        }
    }
}
