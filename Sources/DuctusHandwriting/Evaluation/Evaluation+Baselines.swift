extension Evaluation {
    /// The result of a detector of baselines.
    public struct Baselines: Sendable, Codable, Equatable {
        /// The number of pages.
        public let pages: Int
        /// `BaselineMatching.precision`.
        public let precision: Double
        /// `BaselineMatching.recall`.
        public let recall: Double
        /// The harmonic mean of precision and recall.
        public let f1: Double
        /// The harmonic mean of precision and recall of the boxes of lines, `BoxMatching.f1`.
        public let boxF1: Double
        /// Wall time, including reading the images.
        public let seconds: Double
    }

    /// Evaluates what finds the lines of whole pages. Where the data have no baselines, they are estimated from the ink in
    /// the boxes of lines.
    ///
    /// - Parameters:
    ///   - segmenter: what finds the lines.
    ///   - data: the data set.
    ///   - limit: the number of pages, drawn at random; all of them if nil.
    /// - Throws: an error of the data set.
    public static func baselines(
        _ segmenter: some PageSegmenter, on data: DetectionDataset, limit: Int? = nil
    ) throws -> Baselines {
        let start = ContinuousClock.now
        let indices = try indices(of: data, limit, "pages")
        var (matching, boxes) = (BaselineMatching(), BoxMatching())
        let pages = try Job.communicator.map(indices.count) { place in
            let index = indices[place]
            let page = try data.pages[index].image()
            let lines = segmenter.lines(on: page)
            var result = BaselinePage()
            result.lines.add(lines, reference: InkPage(page, lines: data.pages[index].lines(on: page)).lines)
            result.boxes.add(lines.map(\.box), reference: data.pages[index].lines(on: page).map(\.box))
            return result
        }
        for page in pages {
            matching.add(page.lines)
            boxes.add(page.boxes)
        }
        return Baselines(
            pages: indices.count, precision: matching.precision, recall: matching.recall, f1: matching.f1,
            boxF1: boxes.f1, seconds: (ContinuousClock.now - start) / .seconds(1))
    }
}

/// What is measured on a page.
private struct BaselinePage: Codable {
    var lines = BaselineMatching()
    var boxes = BoxMatching()
}
