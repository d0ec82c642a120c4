extension CharacterImages {
    /// At most the mean number of images of every class, selected at random, in random order.
    ///
    /// EMNIST ByClass has far more digits than letters; after balancing, a network cannot do well on digits alone. The
    /// order is independent of the classes, so that a prefix of the result has all of them.
    public func balanced(seed: UInt64 = 0) -> CharacterImages {
        var perClass = [[Int]](repeating: [], count: classNames.count)
        for (index, label) in labels.enumerated() { perClass[label].append(index) }
        let limit = count / classNames.count
        let stream = RandomStream(seed: seed)
        var chosen: [Int] = []
        for (label, var indices) in perClass.enumerated() {
            var random = stream.split(label)
            indices.shuffle(using: &random)
            chosen += indices.prefix(limit)
        }
        var random = stream.split(classNames.count)
        chosen.shuffle(using: &random)
        return selecting(chosen)
    }

    /// The images at some indices, in their order.
    public func selecting(_ indices: [Int]) -> CharacterImages {
        let size = Self.side * Self.side
        var pixels: [UInt8] = []
        pixels.reserveCapacity(indices.count * size)
        for index in indices { pixels += self.pixels[index * size..<(index + 1) * size] }
        return CharacterImages(pixels: pixels, labels: indices.map { labels[$0] }, classNames: classNames)
    }
}
