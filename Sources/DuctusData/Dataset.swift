/// What a network learns from: one input and its labels.
public struct Example: Sendable {
    /// `[height, width, channels]`, paper 0 and ink up to 1.
    public var input: Tensor<Float>
    /// `[]` for a class, `[length]` for a text, `[height, width]` for a map.
    public var labels: Tensor<Int32>

    /// Checked against the data set's ``Expectation`` when it is transformed, not here.
    public init(input: Tensor<Float>, labels: Tensor<Int32>) { (self.input, self.labels) = (input, labels) }
}

/// A collection of samples with three exits, so that data can be looked at on every stage: `raw` as on disk,
/// `transformed` as numbers, and batches through `BatchLoader`.
///
/// Every transformed sample is checked against `expectation`; what does not fit names the sample and the fact.
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
    /// A sample as people look at it, such as an image and its text.
    associatedtype Raw: Sendable

    /// How many samples there are; they are numbered from 0.
    var count: Int { get }
    /// What transformed samples look like.
    var expectation: Expectation { get }
    /// The sample's name, for messages.
    func name(of index: Int) -> String
    /// The sample as it is on disk.
    func raw(_ index: Int) throws -> Raw
    /// The sample as numbers.
    func transform(_ raw: Raw, name: String) throws -> Example
}

extension Dataset {
    /// The sample as numbers, checked.
    public func transformed(_ index: Int) throws -> Example {
        let name = name(of: index)
        let example = try transform(raw(index), name: name)
        try expectation.check(example, name: name)
        return example
    }

    /// The first `limit` transformed samples (all, unless given), computed once and in parallel.
    public func cached(first limit: Int = .max) throws -> ExampleCache {
        let count = min(limit, self.count)
        let results = parallelMap(count) { index in Result { try transformed(index) } }
        return ExampleCache(
            examples: try results.map { try $0.get() }, names: (0..<count).map(name(of:)),
            expectation: expectation)
    }
}

/// A data set whose transformed samples are kept in memory.
public struct ExampleCache: Sendable {
    /// In the order of the data set.
    public let examples: [Example]
    /// What messages call them, one name an example.
    public let names: [String]
    /// What was promised of the examples.
    public let expectation: Expectation

    /// Takes examples as they are: what comes from ``Dataset/cached(first:)`` has been checked, what is made here has
    /// not.
    public init(examples: [Example], names: [String], expectation: Expectation) {
        (self.examples, self.names, self.expectation) = (examples, names, expectation)
    }

    /// How many examples there are.
    public var count: Int { examples.count }

    /// This set and another as one, which promises what this one does.
    public func joined(with other: ExampleCache) -> ExampleCache {
        ExampleCache(examples: examples + other.examples, names: names + other.names, expectation: expectation)
    }
}

/// What a stage of a data set promises: shape, range and labels.
public struct Expectation: Sendable, Equatable {
    /// Height, width and channels; `nil` where any size is right.
    public var shape: [Int?]
    /// The values an input may have.
    public var range: ClosedRange<Float> = 0...1
    /// Labels are 0 ..< classes.
    public var classes: Int

    /// Ink up to 1 on 0, unless another range is given.
    public init(shape: [Int?], range: ClosedRange<Float> = 0...1, classes: Int) {
        (self.shape, self.range, self.classes) = (shape, range, classes)
    }

    func check(_ example: Example, name: String) throws(ExpectationError) {
        let extents = Array(example.input.shape)
        guard extents.count == shape.count, zip(extents, shape).allSatisfy({ $1 == nil || $0 == $1 }),
            example.input.count > 0
        else {
            let wanted = shape.map { $0.map(String.init) ?? "any" }.joined(separator: " × ")
            throw ExpectationError(sample: name, problem: "has shape \(example.input.shape); expected is \(wanted)")
        }
        let strays = example.input.withUnsafeBuffer { $0.first { !range.contains($0) } }
        if let strays {
            throw ExpectationError(
                sample: name, problem: "has the value \(strays) outside \(range.lowerBound) … \(range.upperBound)")
        }
        if let label = example.labels.scalars.first(where: { $0 < 0 || $0 >= classes }) {
            throw ExpectationError(sample: name, problem: "has label \(label); there are \(classes) classes")
        }
    }
}

/// A transformed sample that is not what its data set promises.
public struct ExpectationError: Error, CustomStringConvertible, Sendable, Equatable {
    /// The name of the sample; see ``Dataset/name(of:)``.
    public let sample: String
    /// What it has and what was expected, without a subject: "has label 12; there are 10 classes".
    public let problem: String

    public var description: String { "Sample \(sample) \(problem); look at its raw and transformed forms." }
}
