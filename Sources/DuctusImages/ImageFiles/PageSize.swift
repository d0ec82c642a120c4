/// The size of a page in its file and in memory.
struct PageSize {
    let width: Int
    let height: Int
    /// See ``DecodedImage/reduction``.
    let reduction: Int

    var keptWidth: Int { Self.reduced(width, by: reduction) }
    var keptHeight: Int { Self.reduced(height, by: reduction) }

    /// The smallest reduction that keeps at most `maximumPixels`.
    ///
    /// - Parameter isRowWise: Whether decoding takes less memory where the image is reduced.
    /// - Throws: ``ImageError/tooLarge(file:width:height:maximumPixels:)``.
    init(width: Int, height: Int, isRowWise: Bool, maximumPixels: Int, name: String) throws(ImageError) {
        func check(_ count: (partialValue: Int, overflow: Bool), atMost limit: Int) throws(ImageError) {
            guard !count.overflow && count.partialValue <= limit else {
                throw .tooLarge(file: name, width: width, height: height, maximumPixels: limit)
            }
        }
        let limit = isRowWise ? max(maximumPixels, ImageFile.maximumPixels) : maximumPixels
        try check(width.multipliedReportingOverflow(by: height), atMost: limit)
        func kept(_ reduction: Int) -> Int { Self.reduced(width, by: reduction) * Self.reduced(height, by: reduction) }
        self.width = width
        self.height = height
        reduction = [1, 2, 4].first { kept($0) <= maximumPixels } ?? 8
        try check((kept(reduction), false), atMost: maximumPixels)
    }

    private static func reduced(_ length: Int, by reduction: Int) -> Int { (length + reduction - 1) / reduction }
}
