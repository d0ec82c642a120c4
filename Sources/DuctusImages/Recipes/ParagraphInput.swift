

/// How an image of a paragraph becomes a network's input: reduced, and in the middle of a canvas. Part of the weights
/// file of every network that reads whole paragraphs.
public struct ParagraphInput: Configuration, Equatable {
    /// Rows of the canvas; what the network takes.
    public var height = 576
    /// Columns of the canvas.
    public var width = 640
    /// What pages of up to 1,240 columns are multiplied by; wider ones become as wide as a page of 1,240 columns does.
    public var scale = 0.5

    /// The proportions of the Full Stack Deep Learning labs.
    public init() {}

    /// A canvas of `height × width` for pages that are multiplied by `scale`.
    public init(height: Int, width: Int, scale: Double) {
        precondition(
            height > 0 && width > 0 && scale > 0, "A canvas cannot be \(height) × \(width) for pages times \(scale).")
        (self.height, self.width, self.scale) = (height, width, scale)
    }

    public var problem: String? {
        problem("height", height, in: 1...8192) ?? problem("width", width, in: 1...8192)
            ?? problem("scale", scale, in: 0.01...8)
    }

    /// What an image of a page is multiplied by.
    func reduction(pageWidth: Int) -> Double { scale * min(1, 1240 / Double(pageWidth)) }

    /// A reduced paragraph, dark on light → `[height, width, 1]`, its negative in the middle. What is larger than the
    /// canvas is reduced until it fits.
    public func canvas(_ paragraph: Image) -> Tensor<Float> {
        var image = paragraph.grayscale()
        let fit = min(Double(height) / Double(image.height), Double(width) / Double(image.width))
        if fit < 1 {
            image = image.resized(
                width: min(width, max(1, Int((Double(image.width) * fit).rounded()))),
                height: min(height, max(1, Int((Double(image.height) * fit).rounded()))))
        }
        let (top, left) = ((height - image.height) / 2, (width - image.width) / 2)
        return Tensor(shape: [height, width, 1]) { out in
            out.zero()
            image.pixels.withUnsafeBufferPointer { pixels in
                for row in 0..<image.height {
                    for column in 0..<image.width {
                        let darkness = 255 - pixels[row * image.width + column]
                        out[(top + row) * width + left + column] = Float(darkness) / 255
                    }
                }
            }
        }
    }

    /// A page of one paragraph → `[height, width, 1]`; nil if nothing is written on it.
    ///
    /// Where no one says where the lines are, the paragraph is the smallest box around what is written.
    /// - Returns: the input, and the box in pixels of the page.
    public func paragraph(on page: Image) -> (input: Tensor<Float>, box: Box)? {
        let gray = page.grayscale()
        guard let box = gray.writing, let reduced = gray.reduced(box, to: self, pageWidth: page.width) else {
            return nil
        }
        return (canvas(reduced), box)
    }
}

extension Image {
    /// A box of a page, reduced as its page is; nil if it lies outside.
    package func reduced(_ box: Box, to input: ParagraphInput, pageWidth: Int) -> Image? {
        let part = cropped(x: box.x, y: box.y, width: box.width, height: box.height)
        guard !part.isEmpty else { return nil }
        let scale = input.reduction(pageWidth: pageWidth)
        return part.resized(
            width: max(1, Int((Double(part.width) * scale).rounded())),
            height: max(1, Int((Double(part.height) * scale).rounded())))
    }

    /// The smallest box around what is written on a gray page; nil if nothing is. Ink is much darker than the paper,
    /// and there is more of it in a row or column than a speck has.
    var writing: Box? {
        let paper = Histogram(pixels).background ?? 255
        let leastInk = max(2, max(width, height) / 250)
        var rows = [Int](repeating: 0, count: height)
        var columns = [Int](repeating: 0, count: width)
        for row in 0..<height {
            for column in 0..<width where 10 * Int(pixels[row * width + column]) < 6 * Int(paper) {
                rows[row] += 1
                columns[column] += 1
            }
        }
        func extent(_ counts: [Int]) -> Range<Int>? {
            guard let first = counts.firstIndex(where: { $0 >= leastInk }),
                let last = counts.lastIndex(where: { $0 >= leastInk })
            else { return nil }
            return first..<last + 1
        }
        guard let y = extent(rows), let x = extent(columns) else { return nil }
        return Box(x: x.lowerBound, y: y.lowerBound, width: x.count, height: y.count)
    }
}
