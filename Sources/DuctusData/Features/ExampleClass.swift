/// Statistics of the examples of a class: their mean and deviation, and the most and least typical ones.
///
/// ```swift
/// let digits = try CharacterDataset(kind: "mnist", directory: "data/mnist", split: "train")
/// let classes = try digits.cached().classes(named: digits.images.classNames)
/// classes.map(\.count)                   // [5923, 6742, …]
/// classes[7].atypical(3)                 // the indices of the sevens that look least like sevens
/// ```
public struct ExampleClass: Sendable {
    /// The name of the class.
    public let name: String
    /// The indices of its examples in the ``ExampleCache``, from the most typical to the least, by their distance from
    /// the mean.
    public let members: [Int]
    /// The mean input.
    public let mean: Tensor<Float>
    /// The standard deviation of every element of the input.
    public let deviation: Tensor<Float>

    /// The number of examples.
    public var count: Int { members.count }

    /// The root mean square distance from the mean, over examples and the elements of the input.
    public var spread: Double {
        deviation.withUnsafeBuffer { deviation in
            (deviation.reduce(0) { $0 + Double($1) * Double($1) } / Double(max(deviation.count, 1))).squareRoot()
        }
    }

    /// The indices of the examples nearest to the mean, the nearest first.
    public func typical(_ count: Int) -> [Int] { Array(members.prefix(count)) }

    /// The indices of the examples farthest from the mean, the farthest first.
    public func atypical(_ count: Int) -> [Int] { members.suffix(count).reversed() }
}

extension ExampleCache {
    /// The classes of the examples, each of which has one label.
    ///
    /// - Parameter names: the names of the classes, in order. A class without examples has a mean of zeros.
    public func classes(named names: [String]) -> [ExampleClass] {
        let shape = examples.first?.input.shape ?? []
        var members = [[Int]](repeating: [], count: names.count)
        for (index, example) in examples.enumerated() {
            precondition(
                example.labels.count == 1 && example.input.shape == shape,
                "Examples must have one label each and the same shape to have classes; \(self.names[index]) differs.")
            let label = Int(example.labels.reshaped(to: []).item())
            precondition(names.indices.contains(label), "There is no name for class \(label) of \(self.names[index]).")
            members[label].append(index)
        }
        return parallelMap(names.count) { ExampleClass(names[$0], members[$0], of: self, shape: shape) }
    }

    /// The number of occurrences of each label over all examples, whether of classes, characters or pixels.
    public var labelCounts: [Int] {
        examples.reduce(into: [Int](repeating: 0, count: expectation.classes)) { counts, example in
            example.labels.withUnsafeBuffer { labels in for label in labels { counts[Int(label)] += 1 } }
        }
    }
}

extension ExampleClass {
    fileprivate init(_ name: String, _ members: [Int], of data: ExampleCache, shape: Shape) {
        let size = shape.elementCount
        func sums(_ term: (Float, Int) -> Double) -> [Double] {
            members.reduce(into: [Double](repeating: 0, count: size)) { sums, index in
                data.examples[index].input.withUnsafeBuffer { input in
                    for place in 0..<size { sums[place] += term(input[place], place) }
                }
            }
        }
        let count = Double(max(members.count, 1))
        let mean = sums { value, _ in Double(value) }.map { $0 / count }
        func square(_ value: Float, _ place: Int) -> Double {
            let difference = Double(value) - mean[place]
            return difference * difference
        }
        let distances = members.map { index in
            data.examples[index].input.withUnsafeBuffer { input in
                (0..<size).reduce(0) { $0 + square(input[$1], $1) }
            }
        }
        self.name = name
        self.members = members.indices.sorted { (distances[$0], $0) < (distances[$1], $1) }.map { members[$0] }
        self.mean = Tensor(mean.map { Float($0) }, shape: shape)
        deviation = Tensor(sums(square).map { Float(($0 / count).squareRoot()) }, shape: shape)
    }
}
