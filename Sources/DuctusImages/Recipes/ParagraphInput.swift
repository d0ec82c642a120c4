/// The preprocessing of a paragraph's image for a network: scaled down, and centered on a canvas. Part of the weights
/// file of every network that reads whole paragraphs.
public struct ParagraphInput: Configuration, Equatable {
    /// The rows of the canvas, which is the input of the network.
    public var height = 576
    /// The columns of the canvas.
    public var width = 640
    /// The scale of pages of up to 1,240 columns; wider pages become as wide as a page of 1,240 columns.
    public var scale = 0.5

    /// The sizes of the Full Stack Deep Learning labs.
    public init() {}

    /// A canvas of `height × width` pixels for pages scaled by `scale`.
    public init(height: Int, width: Int, scale: Double) {
        precondition(
            height > 0 && width > 0 && scale > 0,
            "A canvas cannot be \(height) × \(width) for pages scaled by \(scale).")
        (self.height, self.width, self.scale) = (height, width, scale)
    }

    public var problem: String? {
        problem("height", height, in: 1...8192) ?? problem("width", width, in: 1...8192)
            ?? problem("scale", scale, in: 0.01...8)
    }

    /// The scale of a page.
    func reduction(pageWidth: Int) -> Double { scale * min(1, 1240 / Double(pageWidth)) }

    /// A paragraph at its scale, dark on light → `[height, width, 1]`, its negative in the center. A paragraph that is
    /// larger than the canvas is scaled down to fit.
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

    /// The paragraph of a page → `[height, width, 1]`; nil if the page is blank.
    ///
    /// The paragraph is the smallest box around all writing, for pages whose lines are not known.
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
    /// A box of a page at the scale of the input; nil if it lies outside the page.
    package func reduced(_ box: Box, to input: ParagraphInput, pageWidth: Int) -> Image? {
        let part = cropped(x: box.x, y: box.y, width: box.width, height: box.height)
        guard !part.isEmpty else { return nil }
        let scale = input.reduction(pageWidth: pageWidth)
        return part.resized(
            width: max(1, Int((Double(part.width) * scale).rounded())),
            height: max(1, Int((Double(part.height) * scale).rounded())))
    }

    /// Whether anything is written on a gray page, dark or light.
    package var hasWriting: Bool { darkOnLight().writing != nil }

    /// The smallest box around all writing on a gray page; nil if there is none. Ink is much darker than the
    /// background, and a row or column of writing has more of it than a speck.
    var writing: Box? {
        let background = Histogram(pixels).background ?? 255
        let leastInk = max(2, max(width, height) / 250)
        var rows = [Int](repeating: 0, count: height)
        var columns = [Int](repeating: 0, count: width)
        for row in 0..<height {
            for column in 0..<width where 10 * Int(pixels[row * width + column]) < 6 * Int(background) {
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
