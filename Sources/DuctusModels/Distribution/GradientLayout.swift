/// One vector of the gradients of all trained parameters and the new values of all others, such as running statistics.
///
/// The parameters are in the order in which the backward pass finishes their gradients: at first, presumably the last ones first.
/// The vector is cut between parameters into buckets, which are added up and sent one by one.
struct GradientLayout {
    /// Consecutive places, whose elements are sent together.
    struct Bucket {
        let places: Range<Int>
        let count: Int
        /// Whether the elements are gradients; if not, they are values of parameters that are not trained.
        let isOfGradients: Bool
    }

    /// The parameters in the order of their elements.
    let parameters: [Parameter]
    let buckets: [Bucket]
    private let trained: [Parameter]
    private let places: [ObjectIdentifier: Int]
    private let bucketOfPlace: [Int]

    /// - Parameters:
    ///   - trained: the parameters with gradients.
    ///   - order: the order in which these are finished, as far as it is known: numbers of theirs.
    ///   - others: parameters that have no gradients, but may get new values.
    ///   - bucketBytes: the size from which on a bucket takes no more parameters.
    init(trained: [Parameter], order: [Int]?, others: [Parameter], bucketBytes: Int) {
        self.trained = trained
        parameters = (order ?? trained.indices.reversed()).map { trained[$0] } + others
        places = Dictionary(uniqueKeysWithValues: parameters.enumerated().map { (ObjectIdentifier($1), $0) })
        var buckets: [Bucket] = []
        for (place, parameter) in parameters.enumerated() {
            let count = parameter.shape.elementCount
            if let last = buckets.last, last.isOfGradients == (place < trained.count),
                last.count * MemoryLayout<Float>.stride < bucketBytes
            {
                buckets[buckets.count - 1] = Bucket(
                    places: last.places.lowerBound..<place + 1, count: last.count + count,
                    isOfGradients: last.isOfGradients)
            } else {
                buckets.append(
                    Bucket(places: place..<place + 1, count: count, isOfGradients: place < trained.count))
            }
        }
        self.buckets = buckets
        bucketOfPlace = buckets.indices.flatMap { bucket in buckets[bucket].places.map { _ in bucket } }
    }

    /// The place of a parameter, and the bucket that it is in.
    func location(of parameter: Parameter) -> (place: Int, bucket: Int)? {
        places[ObjectIdentifier(parameter)].map { ($0, bucketOfPlace[$0]) }
    }

    /// The numbers of parameters, among the trained ones.
    func numbers(of finished: [Parameter]) -> [Int] {
        let numbers = Dictionary(uniqueKeysWithValues: trained.enumerated().map { (ObjectIdentifier($1), $0) })
        return finished.compactMap { numbers[ObjectIdentifier($0)] }
    }

    /// The elements of a bucket. Without a gradient, there are zeros; what has no new value keeps its own.
    ///
    /// - Parameter values: gradients and values by place.
    func joined(_ bucket: Bucket, _ values: [Tensor<Float>?]) -> Tensor<Float> {
        let parts = bucket.places.map { place -> Tensor<Float> in
            let parameter = parameters[place]
            if let value = values[place] { return value.flattened() }
            return bucket.isOfGradients ? .zeros([parameter.shape.elementCount]) : parameter.stored.flattened()
        }
        return parts.count == 1 ? parts[0] : .concatenated(parts, axis: 0)
    }

    /// The means of which buckets have the sums over samples, of the parameters of which there are any. Gradients are in the
    /// order in which the parameters were given.
    func separated(
        _ totals: [Tensor<Float>], _ isPresent: [Bool], gradientSamples: Int, samples: Int
    ) -> (gradients: Gradients, statistics: [(parameter: Parameter, value: Tensor<Float>)]) {
        func mean(_ place: Int, _ samples: Int) -> Tensor<Float> {
            let index = bucketOfPlace[place]
            let start = parameters[buckets[index].places.lowerBound..<place].reduce(0) { $0 + $1.shape.elementCount }
            let shape = parameters[place].shape
            return totals[index].sliced(start..<start + shape.elementCount, axis: 0).reshaped(to: shape)
                / Float(samples)
        }
        var gradients = Gradients()
        for parameter in trained {
            guard let (place, _) = location(of: parameter), isPresent[place] else { continue }
            gradients.append(mean(place, gradientSamples), for: parameter)
        }
        let others = (trained.count..<parameters.count).filter { isPresent[$0] }
        return (gradients, others.map { (parameters[$0], mean($0, samples)) })
    }
}
