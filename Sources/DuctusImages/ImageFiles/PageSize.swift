/// The size of a page in the file and after decoding.
struct PageSize {
    let width: Int
    let height: Int
    /// See ``DecodedImage/reduction``.
    let reduction: Int

    var decodedWidth: Int { Self.reduced(width, by: reduction) }
    var decodedHeight: Int { Self.reduced(height, by: reduction) }

    /// The smallest reduction to at most `maximumPixels`.
    ///
    /// - Parameter isRowWise: Whether the page can be reduced without memory for all of its pixels.
    /// - Throws: ``ImageError/tooLarge(file:width:height:maximumPixels:)``.
    init(width: Int, height: Int, isRowWise: Bool, maximumPixels: Int, name: String) throws(ImageError) {
        func check(_ count: (partialValue: Int, overflow: Bool), atMost limit: Int) throws(ImageError) {
            guard !count.overflow && count.partialValue <= limit else {
                throw .tooLarge(file: name, width: width, height: height, maximumPixels: limit)
            }
        }
        let limit = isRowWise ? max(maximumPixels, ImageFile.maximumPagePixels) : maximumPixels
        try check(width.multipliedReportingOverflow(by: height), atMost: limit)
        func pixels(_ reduction: Int) -> Int {
            Self.reduced(width, by: reduction) * Self.reduced(height, by: reduction)
        }
        self.width = width
        self.height = height
        reduction = [1, 2, 4].first { pixels($0) <= maximumPixels } ?? 8
        try check((pixels(reduction), false), atMost: maximumPixels)
    }

    private static func reduced(_ length: Int, by reduction: Int) -> Int { (length + reduction - 1) / reduction }
}
