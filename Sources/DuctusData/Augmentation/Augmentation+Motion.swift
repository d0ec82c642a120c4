extension Augmentation {
    /// Why an example cannot be distorted, as a clause without a subject; nil if it can.
    func problem(of example: Example) -> String? {
        let (shape, labels) = (example.inputShape, example.labels.shape)
        guard shape.rank == 3, shape[2] == 1, shape.elementCount > 0 else {
            return "has shape \(shape); only gray images, [height, width, 1], with pixels are distorted"
        }
        guard labels.rank != 2 || labels == [shape[0], shape[1]] else {
            return "has labels of shape \(labels); a map that is distorted with its image must have its size, "
                + "[\(shape[0]), \(shape[1])]"
        }
        return nil
    }

    /// An example after the geometric distortions and `contrast`.
    func moved(_ example: Example, using random: inout RandomStream) -> Example {
        if let problem = problem(of: example) { preconditionFailure("Augmentation: the example \(problem).") }
        let (warp, ink) = warp(of: example, using: &random)
        var result = example
        result.input = warp.image(example.input, ink: Float(ink))
        if example.labels.rank == 2 { result.labels = warp.labels(example.labels) }
        return result
    }

    /// Draws the warp of an example and the factor of its ink.
    ///
    /// Earlier training runs must stay reproducible: newer values are drawn only if they are not 0.
    private func warp(of example: Example, using random: inout RandomStream) -> (Warp, ink: Double) {
        let (height, width) = (example.input.shape[0], example.input.shape[1])
        let isText = example.isText
        var warp = Warp(height: height, width: width)
        warp.slant = symmetric(shear, using: &random)
        warp.horizontal = exponential(symmetric(stretch, using: &random))
        warp.vertical = exponential(symmetric(scale, using: &random))
        let reach = (chosen(shift, using: &random) ?? 0) * Double(height)
        warp.down = random.symmetric(reach)
        if example.labels.rank == 2 || !isText && shift != 0 { warp.right = random.symmetric(reach) }
        let ink = 1 + symmetric(contrast, using: &random)
        warp.isMirrored = mirrors && random.uniform() < 0.5
        if rotation != 0 { warp.angle = symmetric(rotation, using: &random) }
        var page = Double(width) * (isText ? warp.horizontal : 1)
        if let jitter = chosen(jitter, using: &random) {
            page = crop(&warp, page: page, by: jitter * Double(height), isText: isText, using: &random)
        }
        warp.newWidth = isText ? max(1, Int(page.rounded())) : width
        if let perspective = chosen(perspective, using: &random) {
            warp.perspective.x = random.symmetric(perspective)
            if !isText { warp.perspective.y = random.symmetric(perspective) }
        }
        if verticalShear != 0 { warp.slope = symmetric(verticalShear, using: &random) }
        if let elasticity = chosen(elasticity, using: &random) {
            warp.field = ElasticField(
                height: height, width: warp.newWidth, amplitude: elasticity * Double(height),
                smoothness: smoothness * Double(height), using: &random)
        }
        return (warp, ink)
    }

    /// Moves the edges of the crop by up to `bound` pixels and scales it back: a line of text to its height, others to
    /// their size. Returns the width.
    private func crop(
        _ warp: inout Warp, page width: Double, by bound: Double, isText: Bool, using random: inout RandomStream
    ) -> Double {
        let (top, bottom) = (random.symmetric(bound), random.symmetric(bound))
        let (left, right) = (random.symmetric(bound), random.symmetric(bound))
        // Of a narrow line, at least a column stays.
        let cropped = max(width + left + right, 1)
        warp.pan = ((right - left) / 2, (bottom - top) / 2)
        warp.zoom.y = (Double(warp.height) + top + bottom) / Double(warp.height)
        warp.zoom.x = isText ? warp.zoom.y : cropped / width
        return cropped / warp.zoom.x
    }

    /// A uniform number in ±`bound`, or 0 if the distortion is not applied.
    private func symmetric(_ bound: Double, using random: inout RandomStream) -> Double {
        let bound = chosen(bound, using: &random) ?? 0
        return random.symmetric(bound)
    }
}
