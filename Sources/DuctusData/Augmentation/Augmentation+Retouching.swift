extension Augmentation {
    /// Changes the pixels of an image without moving them, in the order of their causes: pen, paper, light, camera,
    /// file.
    func retouched(_ image: Tensor<Float>, using random: inout RandomStream) -> Tensor<Float> {
        let bounds = [strokes, gamma, blots, rules, shading, blur, halving, brightness, noise, compression]
        guard bounds.contains(where: { $0 != 0 }) else { return image }
        var image = image
        if let strokes = chosen(strokes, using: &random) {
            image = image.strokesThickened(by: Float(random.symmetric(strokes)))
        }
        if let gamma = chosen(gamma, using: &random) {
            image = image.power(Float(exponential(random.symmetric(gamma))))
        }
        if let blots = chosen(blots, using: &random) { image.blot(atMost: blots, using: &random) }
        if let rules = chosen(rules, using: &random) { image.rule(darkest: rules, using: &random) }
        if let shading = chosen(shading, using: &random) {
            image = image.shaded(by: Shade(darkest: shading, of: image.shape, using: &random))
        }
        if let blur = chosen(blur, using: &random) { image = image.blurred(blur * random.uniform()) }
        if halving != 0, random.uniform() < halving { image = image.halved() }
        if let brightness = chosen(brightness, using: &random) { image += Float(random.symmetric(brightness)) }
        if let noise = chosen(noise, using: &random) {
            image += .normal(image.shape, standardDeviation: Float(noise * random.uniform()), using: &random)
        }
        if let compression = chosen(compression, using: &random) {
            let quality = 100 * (1 - compression * random.uniform())
            // Lines are cut out of files regardless of their blocks.
            let (down, right) = (Int(random.next() % 8), Int(random.next() % 8))
            image = image.compressed(BlockCompression(quality: quality), down: down, right: right)
        }
        return image.clipped(to: 0...1)
    }

    /// An image with the ink of others: the lower rows of one at the top, the upper rows of another at the bottom.
    ///
    /// - Parameters:
    ///   - place: the index of the image.
    ///   - images: the images of a batch, of the same height.
    ///   - random: the random stream of the sample.
    func withNeighbors(_ place: Int, of images: [Tensor<Float>], using random: inout RandomStream) -> Tensor<Float> {
        guard let share = chosen(neighbors, using: &random), images.count > 1 else { return images[place] }
        let (height, width) = (images[place].shape[0], images[place].shape[1])
        var image = images[place]
        for isAbove in [true, false] {
            let other = images[(place + 1 + Int(random.next() % UInt64(images.count - 1))) % images.count]
            let rows = Int((share * random.uniform() * Double(height)).rounded())
            // The narrower image is anywhere within the wider.
            let start = Int((random.uniform() * Double(other.shape[1] - width)).rounded())
            image.darken(
                rows: isAbove ? 0..<rows : height - rows..<height, with: other,
                row: isAbove ? height - rows : 0, column: start)
        }
        return image
    }
}

extension Tensor where Scalar == Float {
    /// Sets rows of a gray image to the maximum of their pixels and those of another image from a row and a column on.
    /// The column may be outside.
    fileprivate mutating func darken(rows: Range<Int>, with other: Tensor, row first: Int, column start: Int) {
        let (width, otherWidth) = (shape[1], other.shape[1])
        let columns = Swift.max(0, -start)..<Swift.min(width, otherWidth - start)
        withUnsafeMutableBuffer { pixels in
            other.withUnsafeBuffer { others in
                guard let pixels = pixels.baseAddress, let others = others.baseAddress else { return }
                for row in rows {
                    let line = pixels + row * width
                    let more = others + (first + row - rows.lowerBound) * otherWidth + start
                    for column in columns { line[column] = line[column] > more[column] ? line[column] : more[column] }
                }
            }
        }
    }
}
