extension ResidualCRNN {
    /// The sizes of a ``ResidualCRNN``, and what makes its training harder so that it reads better.
    public struct Configuration: NetworkConfiguration {
        /// The number of characters, plus the blank.
        public var classes: Int
        /// The height of the images, a multiple of 16.
        public var height: Int
        /// Output channels of the three stages.
        public var filters: [Int]
        /// Residual blocks of each stage.
        public var blocks: [Int]
        /// Output features of each LSTM, per direction.
        public var hidden: Int
        /// The number of stacked bidirectional LSTMs; with none, every column is classified by itself.
        public var recurrentLayers: Int
        /// The dropout rate before each recurrent layer.
        public var dropout: Double
        /// The dropout rate before each head.
        public var headDropout: Double
        /// The rate at which whole channels of a line's columns are dropped.
        public var channelDropout: Double
        /// The share of steps that training hides from the recurrent layers.
        public var maskedShare: Double
        /// The least and the greatest number of steps that are hidden together.
        public var maskedSteps: [Int]
        /// Whether there is a second head for training.
        public var shortcut: Bool

        /// Values are checked when a network is built; ``problem`` checks them without trapping.
        public init(
            classes: Int, height: Int = 64, filters: [Int] = [32, 64, 128], blocks: [Int] = [1, 2, 2],
            hidden: Int = 192, recurrentLayers: Int = 2, dropout: Double = 0.2, headDropout: Double = 0.5,
            channelDropout: Double = 0, maskedShare: Double = 0.2, maskedSteps: [Int] = [4, 8], shortcut: Bool = true
        ) {
            (self.classes, self.height, self.filters, self.blocks) = (classes, height, filters, blocks)
            (self.hidden, self.recurrentLayers) = (hidden, recurrentLayers)
            (self.dropout, self.headDropout, self.channelDropout) = (dropout, headDropout, channelDropout)
            (self.maskedShare, self.maskedSteps, self.shortcut) = (maskedShare, maskedSteps, shortcut)
        }

        public static func defaults(classes: Int) -> Self { Self(classes: classes) }

        public var problem: String? { sizesProblem ?? noiseProblem }

        private var sizesProblem: String? {
            guard height.isMultiple(of: 16) else { return "key \"height\" is \(height); it must be a multiple of 16" }
            return problem("classes", classes, in: 2...65_536) ?? problem("height", height, in: 16...512)
                ?? countProblem("filters", filters, 3) ?? problem("filters", filters, in: 1...1024)
                ?? countProblem("blocks", blocks, 3) ?? problem("blocks", blocks, in: 1...32)
                ?? problem("hidden", hidden, in: 1...2048) ?? problem("recurrentLayers", recurrentLayers, in: 0...8)
        }

        private var noiseProblem: String? {
            let problem =
                dropoutProblem(dropout) ?? dropoutProblem(headDropout, "headDropout")
                ?? dropoutProblem(channelDropout, "channelDropout") ?? problem("maskedShare", maskedShare, in: 0...0.9)
                ?? countProblem("maskedSteps", maskedSteps, 2) ?? problem("maskedSteps", maskedSteps, in: 1...1000)
            if problem == nil, maskedSteps[0] > maskedSteps[1] {
                return "key \"maskedSteps\" is \(maskedSteps); it must ascend"
            }
            return problem
        }

        /// How many steps are hidden together.
        var maskedSpans: ClosedRange<Int> { maskedSteps[0]...maskedSteps[1] }

        private func countProblem(_ key: String, _ numbers: [Int], _ count: Int) -> String? {
            numbers.count == count
                ? nil : "key \"\(key)\" has \(numbers.count) numbers; it must have \(count)"
        }
    }
}
