/// The examples of one class, looked at together: what they have in common, how far apart they are, and which of them
/// are the most and the least like the rest.
///
/// ```swift
/// let digits = try CharacterDataset(kind: "mnist", directory: "data/mnist", split: "train")
/// let classes = try digits.cached().classes(named: digits.images.classNames)
/// classes.map(\.count)                   // [5923, 6742, …]
/// classes[7].atypical(3)                 // the sevens that look least like sevens, by number
/// ```
public struct ExampleClass: Sendable {
    /// What the class stands for.
    public let name: String
    /// The numbers of its examples in the ``ExampleCache``, from the most typical to the least: by their distance from
    /// the mean.
    public let members: [Int]
    /// The mean input.
    public let mean: Tensor<Float>
    /// The standard deviation of every number of the input.
    public let deviation: Tensor<Float>

    /// How many examples there are.
    public var count: Int { members.count }

    /// How far examples are from the mean: the root of the mean square, over examples and the numbers of the input.
    public var spread: Double {
        deviation.withUnsafeBuffer { deviation in
            (deviation.reduce(0) { $0 + Double($1) * Double($1) } / Double(max(deviation.count, 1))).squareRoot()
        }
    }

    /// The numbers of the examples nearest to the mean, the nearest first.
    public func typical(_ count: Int) -> [Int] { Array(members.prefix(count)) }

    /// The numbers of the examples farthest from the mean, the farthest first.
    public func atypical(_ count: Int) -> [Int] { members.suffix(count).reversed() }
}

extension ExampleCache {
    /// The examples by their class, which is their only label.
    ///
    /// - Parameter names: of the classes, in their order. A class without an example has a mean of zeros.
    public func classes(named names: [String]) -> [ExampleClass] {
        let shape = examples.first?.input.shape ?? []
        var members = [[Int]](repeating: [], count: names.count)
        for (index, example) in examples.enumerated() {
            precondition(
                example.labels.count == 1 && example.input.shape == shape,
                "Examples have classes if each has one label and all have one shape; \(self.names[index]) differs.")
            let label = Int(example.labels.reshaped(to: []).item())
            precondition(names.indices.contains(label), "There is no name for class \(label) of \(self.names[index]).")
            members[label].append(index)
        }
        return parallelMap(names.count) { ExampleClass(names[$0], members[$0], of: self, shape: shape) }
    }

    /// How often each label occurs, over all examples: of classes, characters or pixels.
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
