extension Callback {
    /// Recognizes whole pages with the network being trained, after the first epoch, every `interval` epochs, and after the
    /// last epoch.
    ///
    /// The error rates become `pageCER` and `pageWER` in the record of the epoch, so that checkpoints and early stopping
    /// can monitor them.
    ///
    /// ```swift
    /// var pages = try PageReader.pretrained()
    /// pages.detector = LineDetector(network: model.network)      // with the pretrained line reader
    /// let callback = Callback.evaluatingPages(validation, with: pages, every: 2, limit: 20)
    /// try model.fit(batches, epochs: 12, callbacks: [callback, .checkpoints(in: run, monitor: "pageCER")])
    /// ```
    ///
    /// - Parameters:
    ///   - data: the pages with their texts.
    ///   - reader: the page recognizer; it contains the network being trained, and therefore uses its current weights.
    ///   - interval: the number of epochs between two evaluations, at least 1.
    ///   - limit: the maximum number of pages; all of them if nil.
    public static func evaluatingPages(
        _ data: DetectionDataset, with reader: some PageRecognizer, every interval: Int = 1, limit: Int? = nil
    ) -> Callback {
        precondition(interval > 0, "evaluatingPages: interval is \(interval); it must be at least 1.")
        return Callback(measure: { context in
            let epoch = context.state.epoch
            guard epoch == 1 || epoch.isMultiple(of: interval) || epoch == context.totalEpochs else { return [:] }
            let result = try Evaluation.pages(reader, on: data, limit: limit)
            return ["pageCER": result.cer, "pageWER": result.wer]
        })
    }
}
