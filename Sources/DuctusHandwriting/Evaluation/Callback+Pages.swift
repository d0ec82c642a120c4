extension Callback {
    /// Reads whole pages with the network in training, after the first epoch, every `interval` epochs and after the
    /// last: from the image to the text, which is what counts in the end.
    ///
    /// The error rates join the record of the epoch as `pageCER` and `pageWER`, so that they are printed and kept, and
    /// checkpoints and early stopping can watch them.
    ///
    /// ```swift
    /// var pages = try PageReader.pretrained()
    /// pages.detector = LineDetector(network: model.network)      // the other half stays
    /// let callback = Callback.evaluatingPages(validation, with: pages, every: 2, limit: 20)
    /// try model.fit(batches, epochs: 12, callbacks: [callback, .checkpoints(in: run, monitor: "pageCER")])
    /// ```
    ///
    /// - Parameters:
    ///   - data: the pages and what they say.
    ///   - reader: holds the very network that is trained, so it reads with the weights of the moment.
    ///   - interval: in epochs, 1 at least.
    ///   - limit: the first so many pages; all, if absent.
    public static func evaluatingPages(
        _ data: DetectionDataset, with reader: some PageRecognizer, every interval: Int = 1, limit: Int? = nil
    ) -> Callback {
        precondition(interval > 0, "Pages cannot be read every \(interval) epochs.")
        return Callback(measure: { context in
            let epoch = context.state.epoch
            guard epoch == 1 || epoch.isMultiple(of: interval) || epoch == context.totalEpochs else { return [:] }
            let result = try Evaluation.pages(reader, on: data, limit: limit)
            return ["pageCER": result.cer, "pageWER": result.wer]
        })
    }
}
