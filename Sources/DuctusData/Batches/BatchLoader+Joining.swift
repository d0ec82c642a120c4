extension BatchLoader {
    /// The line that is joined to a line in an epoch, if any: the first of eight random ones with which the image is
    /// not wider than the widest line.
    ///
    /// That bounds the memory of a training step; and since batches are planned by joined widths, they need little
    /// padding.
    func follower(of index: Int, epoch: Int) -> (index: Int, random: RandomStream)? {
        guard let augmentation, augmentation.joining > 0, space != nil else { return nil }
        var random = RandomStream(seed: seed).split(epoch).split(2).split(index)
        guard random.uniform() < augmentation.joining else { return nil }
        for _ in 0..<8 {
            let other = Int(random.next() % UInt64(count))
            if other != index, widths[index] + widths[other] <= widest { return (other, random) }
        }
        return nil
    }

    /// The expected width of every sample in an epoch.
    func joinedWidths(epoch: Int) -> [Int] {
        widths.enumerated().map { index, width in
            width + (follower(of: index, epoch: epoch).map { widths[$0.index] } ?? 0)
        }
    }

    /// The name of a sample of an epoch in messages.
    func name(of index: Int, epoch: Int) -> String {
        follower(of: index, epoch: epoch).map { "\(name(index)) + \(name($0.index))" } ?? name(index)
    }

    /// A sample of an epoch before distortion, with the line that is joined to it after a gap of up to half of the
    /// height.
    /// - Throws: ``ExpectationError`` if samples cannot be joined, and errors of the maker of samples.
    func joined(_ index: Int, epoch: Int) throws -> Example {
        let first = try example(index, epoch)
        guard case (let other, var random)? = follower(of: index, epoch: epoch), let space else { return first }
        let second = try example(other, epoch)
        for (place, line) in [(index, first), (other, second)] where !line.isText || line.inputShape.rank != 3 {
            throw ExpectationError(
                sample: name(place),
                problem: "has shape \(line.inputShape) and labels of shape \(line.labels.shape); only images of lines "
                    + "with their texts are joined")
        }
        guard first.inputShape[0] == second.inputShape[0], first.inputShape[2] == second.inputShape[2] else {
            throw ExpectationError(
                sample: name(other),
                problem: "has shape \(second.inputShape), but \(name(index)), which it is joined to, has "
                    + "\(first.inputShape)")
        }
        let height = first.inputShape[0]
        let room = widest - first.inputShape[1] - second.inputShape[1]
        let gap = max(0, min(Int(random.uniform() * Double(height) / 2), room))
        return Example(
            input: .concatenated([first.input, .zeros([height, gap, first.inputShape[2]]), second.input], axis: 1),
            labels: Tensor(first.labels.scalars + [space] + second.labels.scalars))
    }
}
