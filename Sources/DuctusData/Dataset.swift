/// A collection of samples that can be inspected at every stage: `raw` as on disk, `transformed` as tensors, and in
/// batches by a ``BatchLoader``.
///
/// Every transformed sample is checked against `expectation`; errors have the sample and what is wrong with it.
///
/// ```swift
/// struct Bars: Dataset {
///     let count = 200
///     let expectation = Expectation(shape: [8, 8, 1], classes: 2)
///     func name(of index: Int) -> String { "bar \(index)" }
///     func raw(_ index: Int) -> (row: Int, isUpright: Bool) { (index % 8, index.isMultiple(of: 2)) }
///     func transform(_ bar: (row: Int, isUpright: Bool), name: String) -> Example {
///         let pixels = (0..<64).map { (bar.isUpright ? $0 % 8 : $0 / 8) == bar.row ? Float(1) : 0 }
///         return Example(input: Tensor(pixels, shape: [8, 8, 1]), labels: Tensor(bar.isUpright ? 1 : 0))
///     }
/// }
/// let batches = BatchLoader(try Bars().cached(), batchSize: 10, shuffles: true)
/// ```
public protocol Dataset: Sendable {
    /// A sample as it is on disk, such as an image and its text.
    associatedtype Raw: Sendable

    /// The number of samples; their indices start at 0.
    var count: Int { get }
    /// The shape, range and labels of transformed samples.
    var expectation: Expectation { get }
    /// The name of a sample in messages.
    func name(of index: Int) -> String
    /// A sample as it is on disk.
    func raw(_ index: Int) throws -> Raw
    /// A sample as tensors.
    func transform(_ raw: Raw, name: String) throws -> Example
}

extension Dataset {
    /// A sample as tensors, checked against ``expectation``.
    public func transformed(_ index: Int) throws -> Example {
        let name = name(of: index)
        let example = try transform(raw(index), name: name)
        try expectation.check(example, name: name)
        return example
    }

    /// The first `limit` transformed samples (all, unless given), computed once and in parallel.
    public func cached(first limit: Int = .max) throws -> ExampleCache {
        let count = min(limit, self.count)
        return ExampleCache(
            examples: try packed(0..<count), names: (0..<count).map(name(of:)), expectation: expectation)
    }

    /// The transformed samples of a range, images as gray levels.
    func packed(_ range: Range<Int>) throws -> [Example] {
        try parallelMap(range.count) { place in
            Result { try transformed(range.lowerBound + place).packed() }
        }.map { try $0.get() }
    }
}

/// A data set whose transformed samples are kept in memory.
public struct ExampleCache: Sendable {
    /// The examples, in the order of the data set.
    public let examples: [Example]
    /// The name of every example in messages.
    public let names: [String]
    /// The shape, range and labels of the examples.
    public let expectation: Expectation

    /// A cache of examples, which are not checked here; those of ``Dataset/cached(first:)`` are.
    public init(examples: [Example], names: [String], expectation: Expectation) {
        (self.examples, self.names, self.expectation) = (examples, names, expectation)
    }

    /// The number of examples.
    public var count: Int { examples.count }

    /// The examples of this set and another, with the expectation of this one.
    public func joined(with other: ExampleCache) -> ExampleCache {
        ExampleCache(examples: examples + other.examples, names: names + other.names, expectation: expectation)
    }
}

/// The shape, range and labels of the examples of a data set.
public struct Expectation: Sendable, Equatable {
    /// The extents of an input: height, width, and channels of an image; `nil` for any size.
    public var shape: [Int?]
    /// The range of the values of an input; `nil` for all finite numbers.
    public var range: ClosedRange<Float>?
    /// The number of classes; labels are 0 ..< classes. 0 if there are no labels.
    public var classes: Int

    /// The expectation of inputs in a range, such as 0 to 1 for images, or of any finite numbers.
    public init(shape: [Int?], range: ClosedRange<Float>? = nil, classes: Int = 0) {
        (self.shape, self.range, self.classes) = (shape, range, classes)
    }

    func check(_ example: Example, name: String) throws(ExpectationError) {
        let extents = Array(example.inputShape)
        guard extents.count == shape.count, zip(extents, shape).allSatisfy({ $1 == nil || $0 == $1 }),
            example.inputShape.elementCount > 0
        else {
            let wanted = shape.map { $0.map(String.init) ?? "any" }.joined(separator: " × ")
            throw ExpectationError(sample: name, problem: "has shape \(example.input.shape); expected \(wanted)")
        }
        let stray = example.input.withUnsafeBuffer { $0.first { !(range?.contains($0) ?? $0.isFinite) } }
        if let stray {
            let problem =
                range.map { "has the value \(stray) outside \($0.lowerBound) … \($0.upperBound)" }
                ?? "has the value \(stray), which is not finite"
            throw ExpectationError(sample: name, problem: problem)
        }
        if let target = example.targets?.scalars.first(where: { !$0.isFinite }) {
            throw ExpectationError(sample: name, problem: "has the target \(target), which is not finite")
        }
        if let label = example.labels.scalars.first(where: { $0 < 0 || $0 >= classes }) {
            throw ExpectationError(sample: name, problem: "has label \(label); there are \(classes) classes")
        }
    }
}

/// A transformed sample that does not meet the expectation of its data set.
public struct ExpectationError: Error, CustomStringConvertible, Sendable, Equatable {
    /// The name of the sample; see ``Dataset/name(of:)``.
    public let sample: String
    /// What is wrong and what was expected, without a subject: "has label 12; there are 10 classes".
    public let problem: String

    public var description: String { "Sample \(sample) \(problem); inspect its raw and transformed forms." }
}
