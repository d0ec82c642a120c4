extension Examination {
    /// Texts: empty ones, and characters outside the alphabet.
    mutating func addTexts(_ splits: [ExaminedSplit], _ alphabet: Alphabet?, isRefused: Bool, _ unit: DataSamples.Unit)
    {
        let samples = splits.flatMap(\.samples)
        let empty = samples.filter { $0.text.allSatisfy(\.isWhitespace) }.map(\.name)
        if !empty.isEmpty {
            add(
                .problem, "empty texts",
                "\(empty.count) \(unit.rawValue) have no text: \(Self.few(empty)); complete them or leave them out.",
                empty)
        }
        guard let alphabet else { return }
        var counts: [Unicode.Scalar: Int] = [:]
        var names: [String] = []
        for sample in samples {
            let unknown = Set(alphabet.unknownCharacters(in: sample.text))
            guard !unknown.isEmpty else { continue }
            names.append(sample.name)
            let scalars = alphabet.isDecomposed ? sample.text.decomposedScalars : sample.text.composedScalars
            for scalar in scalars where unknown.contains(scalar) { counts[scalar, default: 0] += 1 }
        }
        guard !names.isEmpty else { return }
        let characters = counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
            .map { "\(AlphabetError.name($0.key)) \($0.value)" }
        add(
            isRefused ? .problem : .warning, "characters outside the alphabet",
            "\(names.count) of \(samples.count) \(unit.rawValue), such as \(names[0]), have characters outside the alphabet: "
                + characters.joined(separator: ", ")
                + (isRefused
                    ? "; add them to the key \"characters\", or skip such texts." : "; such texts are skipped."),
            characters, count: names.count)
    }

    /// Pictures: unreadable ones, and lines too long for the network.
    mutating func addPictures(_ splits: [ExaminedSplit], _ network: (any LineNetwork)?) {
        var (unreadable, long): ([String], [String]) = ([], [])
        var count = 0
        for split in splits {
            for (sample, picture) in zip(split.samples, split.pictures) {
                count += 1
                switch picture {
                case .failure(let error): unreadable.append("\(sample.name): \(error)")
                case .success(let picture):
                    if let steps = picture.steps, steps.needed > steps.available {
                        long.append("\(sample.name): \(steps.needed) steps needed, \(steps.available) there")
                    }
                }
            }
        }
        if !unreadable.isEmpty {
            let names = unreadable.map { $0.split(separator: ":").first.map(String.init) ?? $0 }
            add(
                .problem, "unreadable pictures",
                "\(unreadable.count) of \(count) pictures cannot be read: \(Self.few(names)).", unreadable)
        }
        guard !long.isEmpty, let network else { return }
        let isGenerator = network is any TextGenerator
        // A few narrow lines do no harm: they are not learned from.
        add(
            long.count * 100 > count ? .problem : .warning, "lines too long for the network",
            "\(long.count) of \(count) lines have more characters than \(isGenerator ? "the network writes" : "steps"), and "
                + (isGenerator ? "are truncated: " : "cannot be learned: ")
                + Self.few(long.map { $0.split(separator: ":").first.map(String.init) ?? $0 })
                + "; \(isGenerator ? "raise \"network.maximumLength\"" : "raise the height of the input, or leave them out").",
            long)
    }

    /// Training against validation: pictures and writers that are in both, and classes that are trained on nowhere.
    mutating func addComparisons(_ splits: [ExaminedSplit], _ unit: DataSamples.Unit) {
        let training = splits.filter(\.isTraining)
        let validation = splits.filter { !$0.isTraining }
        guard !training.isEmpty, !validation.isEmpty else { return }
        let pairs = Self.duplicates(in: validation, of: training)
        if !pairs.isEmpty {
            add(
                .problem, "pictures in both training and validation",
                "\(pairs.count) \(unit.rawValue) of the validation look like ones that are trained on: \(Self.few(pairs)); "
                    + "the validation would flatter the network, so leave them out of one.", pairs)
        }
        func writers(_ splits: [ExaminedSplit]) -> Set<String> {
            Set(splits.flatMap { $0.samples.compactMap(\.writer) })
        }
        let both = writers(training).intersection(writers(validation)).sorted()
        if !both.isEmpty {
            add(
                .warning, "writers in both training and validation",
                "\(both.count) writers are in both training and validation: \(Self.few(both)); the error rate for other "
                    + "writers will be higher.", both)
        }
        guard unit == .characters else { return }
        let classes = Set(training.flatMap { $0.samples.map(\.text) })
        let unseen = Set(validation.flatMap { $0.samples.map(\.text) }).subtracting(classes).sorted()
        if !unseen.isEmpty {
            add(
                .problem, "classes without training samples",
                "\(unseen.count) classes of the validation have no training samples: \(Self.few(unseen)).", unseen)
        }
    }

    /// The samples that look like ones that are trained on: `b.png = a.png`.
    private static func duplicates(in validation: [ExaminedSplit], of training: [ExaminedSplit]) -> [String] {
        func pictures(_ splits: [ExaminedSplit]) -> [(name: String, picture: ExaminedSplit.Picture)] {
            splits.flatMap { split in
                zip(split.samples, split.pictures).compactMap { sample, picture in
                    (try? picture.get()).map { (sample.name, $0) }
                }
            }
        }
        let (known, new) = (pictures(training), pictures(validation))
        let exact = Dictionary(known.map { ($0.picture.content, $0.name) }) { first, _ in first }
        // With few bits, as of a dash, pictures cannot be told apart.
        let looks = known.compactMap { item in item.picture.look.map { (name: item.name, look: $0) } }
            .filter { $0.look.weight >= 24 }
        let found = parallelMap(new.count) { index -> String? in
            let (name, picture) = new[index]
            if let other = exact[picture.content] { return "\(name) = \(other)" }
            guard let look = picture.look, look.weight >= 24 else { return nil }
            return looks.first { look.isSimilar(to: $0.look) }.map { "\(name) ≈ \($0.name)" }
        }
        return found.compactMap(\.self)
    }
}
