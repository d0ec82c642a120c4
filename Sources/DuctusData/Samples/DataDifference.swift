/// What differs between two versions of a data set, sample by sample.
public struct DataDifference: Sendable, Codable, Equatable {
    /// A text that was changed.
    public struct Text: Sendable, Codable, Equatable {
        /// The name of the sample.
        public var name: String
        /// The text before.
        public var old: String
        /// The text after.
        public var new: String
    }

    /// A sample that went from one split to another.
    public struct Move: Sendable, Codable, Equatable {
        /// The name of the sample.
        public var name: String
        /// The split before.
        public var old: String
        /// The split after.
        public var new: String
    }

    /// The names of the samples that only the second version has.
    public var added: [String] = []
    /// The names of the samples that only the first version has.
    public var removed: [String] = []
    /// The names of the samples whose pictures differ.
    public var changedPictures: [String] = []
    /// The samples whose texts differ.
    public var changedTexts: [Text] = []
    /// The samples that are in another split.
    public var moved: [Move] = []
    /// The number of samples that are the same in all respects.
    public var same = 0

    /// Whether nothing differs.
    public var isEmpty: Bool {
        added.isEmpty && removed.isEmpty && changedPictures.isEmpty && changedTexts.isEmpty && moved.isEmpty
    }

    /// Compares two versions. A sample is known by its name.
    /// - Throws: an error about a picture that cannot be read.
    public init(from old: DataSamples, to new: DataSamples) throws {
        let (before, after) = (Self.byName(old), Self.byName(new))
        added = after.keys.filter { before[$0] == nil }.sorted()
        removed = before.keys.filter { after[$0] == nil }.sorted()
        let common = before.keys.filter { after[$0] != nil }.sorted()
        let pictures = parallelMap(common.count) { index in
            Result { try before[common[index]]?.sample.imageHash() != after[common[index]]?.sample.imageHash() }
        }
        for (name, isOther) in zip(common, pictures) {
            guard let old = before[name], let new = after[name] else { continue }
            var isSame = true
            if try isOther.get() {
                isSame = false
                changedPictures.append(name)
            }
            // The spelling of accents is part of the data, though equal to Swift.
            if !old.sample.text.unicodeScalars.elementsEqual(new.sample.text.unicodeScalars) {
                isSame = false
                changedTexts.append(Text(name: name, old: old.sample.text, new: new.sample.text))
            }
            if old.split != new.split {
                isSame = false
                moved.append(Move(name: name, old: old.split, new: new.split))
            }
            if isSame { same += 1 }
        }
    }

    private static func byName(_ data: DataSamples) -> [String: (split: String, sample: DataSamples.Sample)] {
        var samples: [String: (split: String, sample: DataSamples.Sample)] = [:]
        for split in data.splits {
            for sample in split.samples {
                // A sample may be in several splits, as in `all` and `train`.
                var name = sample.name
                if samples[name] != nil { name += " (\(split.name))" }
                samples[name] = (split.name, sample)
            }
        }
        return samples
    }
}
