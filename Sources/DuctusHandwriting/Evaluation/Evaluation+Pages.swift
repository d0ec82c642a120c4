extension Evaluation {
    /// Evaluates a page recognizer.
    ///
    /// - Parameters:
    ///   - reader: the page recognizer.
    ///   - data: the data set.
    ///   - limit: the number of pages, drawn at random; all of them if nil.
    ///   - condition: a change of every picture; the same for a page in every evaluation.
    ///   - pictures: a directory in which every picture is written as it is read, `NAME.png`, for other programs to read.
    /// - Throws: an error of the data set, or `FileError` if a picture cannot be written.
    public static func pages(
        _ reader: some PageRecognizer, on data: DetectionDataset, limit: Int? = nil, condition: PageCondition? = nil,
        pictures: String? = nil
    ) throws -> Pages {
        let start = ContinuousClock.now
        if let pictures { try File.createDirectory(pictures) }
        let texts = try texts(of: data, limit) { page, index in
            let picture = condition.changed(try data.raw(index).page, index)
            if let pictures { try picture.writePNG(to: "\(pictures)/\(page.fileName).png") }
            return reader.read(picture).text
        }
        return Pages(
            texts, decoding: reader.effectiveDecoding, models: reader.languageModels,
            seconds: (ContinuousClock.now - start) / .seconds(1))
    }

    /// Evaluates what another program read of the pages.
    ///
    /// - Parameters:
    ///   - directory: a directory with the text of every page, `NAME.txt`. Empty lines do not count.
    ///   - data: the data set.
    ///   - limit: the number of pages, drawn at random as for a page recognizer; all of them if nil.
    /// - Throws: an error of the data set, or `FileError` naming a text that is missing.
    public static func pages(readIn directory: String, on data: DetectionDataset, limit: Int? = nil) throws -> Pages {
        let start = ContinuousClock.now
        let texts = try texts(of: data, limit) { page, _ in
            let text = String(decoding: try File.readBytes("\(directory)/\(page.fileName).txt"), as: UTF8.self)
            let lines = text.split { $0.isNewline || $0 == "\u{C}" }
            return lines.map { $0.split(separator: " ").joined(separator: " ") }.filter { !$0.isEmpty }
                .joined(separator: "\n")
        }
        return Pages(texts, decoding: nil, models: [], seconds: (ContinuousClock.now - start) / .seconds(1))
    }

    /// Compares the text of each page to its reference.
    private static func texts(
        of data: DetectionDataset, _ limit: Int?, text: (_ page: TranscribedPage, _ index: Int) throws -> String
    ) throws -> TextEvaluation {
        var texts = TextEvaluation()
        let indices = try indices(of: data, limit, "pages")
        let all = try Job.communicator.map(indices.count) { place in
            try text(data.pages[indices[place]], indices[place])
        }
        for (index, text) in zip(indices, all) {
            let page = data.pages[index]
            texts.add(text, reference: page.page.text, writer: page.writer, page: page.name)
        }
        guard texts.all.characterErrors.length > 0 else { throw DatasetError.empty("pages with a text") }
        return texts
    }
}

extension Evaluation.Pages {
    fileprivate init(_ texts: TextEvaluation, decoding: Decoding?, models: [LanguageModel], seconds: Double) {
        self.init(
            pages: texts.all.count, cer: texts.all.cer, cerInterval: texts.interval, wer: texts.all.wer,
            decoder: decoding?.name, beamWidth: decoding?.beamWidth, writers: texts.writers,
            languages: decoding.flatMap { Evaluation.languages(models, $0) }, seconds: seconds)
    }
}

extension TranscribedPage {
    /// The name of a file for the page.
    fileprivate var fileName: String { name.replacing("/", with: "-") }
}

extension PageCondition? {
    /// The picture under the condition, if there is one; the same for an index in every evaluation.
    func changed(_ picture: Image, _ index: Int) -> Image {
        guard let self else { return picture }
        var random = RandomStream(seed: 1).split(index)
        return self.apply(picture, using: &random)
    }
}
