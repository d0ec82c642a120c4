extension TensorArchive {
    /// Exchanges the alphabet of a line recognizer's weights: in its heads, whose last axis are classes, a known
    /// character keeps its weights, and a new one gets those that the network has.
    ///
    /// - Parameters:
    ///   - old: the alphabet of the weights.
    ///   - new: the alphabet of the network.
    ///   - network: the network that the weights will be loaded into.
    /// - Returns: the number of known characters; nil if there is no head of the size of the old alphabet.
    mutating func exchange(_ old: Alphabet, for new: Alphabet, in network: any Network) throws -> Int? {
        let sources = new.classes(in: old)
        var isExchanged = false
        for (name, parameter) in network.namedParameters
        where ["head", "shortcut"].contains(name.prefix { $0 != "." }) {
            guard let theirs = try? tensor(name, as: Float.self), theirs.rank == parameter.shape.rank,
                theirs.shape.last == old.count, parameter.shape.last == new.count,
                theirs.shape.dropLast() == parameter.shape.dropLast()
            else { continue }
            let (old, mine) = (theirs.scalars, parameter.stored.scalars)
            let count = sources.count
            let scalars = mine.indices.map { index in
                sources[index % count].map { old[index / count * (theirs.shape.last ?? 1) + $0] } ?? mine[index]
            }
            set(name, to: Tensor(scalars, shape: parameter.shape))
            isExchanged = true
        }
        return isExchanged ? sources.count { $0 != nil } - 1 : nil
    }
}
