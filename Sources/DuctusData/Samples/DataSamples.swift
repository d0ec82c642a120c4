/// The samples of a directory as they are on disk, whatever its kind of data: characters, lines, or pages.
public struct DataSamples: Sendable {
    /// A sample.
    public struct Sample: Sendable {
        /// The name, by which it is recognized in another version.
        public let name: String
        /// The text, or the class.
        public let text: String
        /// Who wrote it, if that is known.
        public let writer: String?
        /// The page that it comes from, if that is known.
        public let page: String?
        /// Reads the picture.
        public let image: @Sendable () throws -> Image
        /// The file that has this picture and nothing else, if there is one.
        let file: String?

        /// A hash of the picture.
        /// - Throws: an error about the file.
        public func imageHash() throws -> ContentHash {
            if let file { return try ContentHash(contentsOf: file) }
            let image = try image()
            return ContentHash(combining: [
                ContentHash("\(image.width) \(image.height) \(image.channels)"), ContentHash(image.pixels),
            ])
        }
    }

    /// What a sample is.
    public enum Unit: String, Sendable, Codable {
        /// A single character.
        case characters
        /// A line of text.
        case lines
        /// A whole page.
        case pages
    }

    /// The samples of a split.
    public struct Split: Sendable {
        /// The name.
        public let name: String
        /// The samples, in the order of the data set.
        public let samples: [Sample]
        /// The number of further samples whose pictures do not exist.
        public let missingImages: Int
    }

    /// The kind of data.
    public let kind: Choice
    /// What the samples are.
    public let unit: Unit
    /// The splits, sorted by name.
    public let splits: [Split]

    /// The number of samples.
    public var count: Int { splits.reduce(0) { $0 + $1.samples.count } }

    /// Reads the texts of a directory; pictures are read on demand.
    ///
    /// - Parameters:
    ///   - kind: the kind of data.
    ///   - directory: the directory.
    ///   - names: the splits; all of them, unless given.
    ///   - unit: what the samples are, of a kind that has both lines and pages; by default, lines.
    /// - Throws: `ConfigurationError` for an unknown kind, `DatasetError`.
    public init(kind: Choice, directory: String, splits names: [String]? = nil, as unit: Unit? = nil) throws {
        let reader = try Registries.dataKinds.kind(kind, with: "samples", file: directory, as: (any DataKind).self)
        let names = try names ?? reader.splitNames(in: directory)
        guard !names.isEmpty else {
            throw ConfigurationError(
                directory, "the splits of the kind \(kind.name) cannot be listed; name one with --split")
        }
        self.kind = kind
        if let reader = reader as? any CharacterDataKind {
            self.unit = .characters
            splits = try names.map { name in
                let samples = Self.characters(try reader.characters(in: directory, split: name))
                return Split(name: name, samples: samples, missingImages: 0)
            }
        } else if let reader = reader as? any LineDataKind, unit != .pages {
            self.unit = .lines
            splits = try names.map { try Self.lines(reader.lines(in: directory, split: $0), directory, $0) }
        } else if let reader = reader as? any PageDataKind {
            self.unit = .pages
            splits = try names.map { Self.pages(try reader.pages(in: directory, split: $0), directory, $0) }
        } else {
            throw ConfigurationError(directory, "the kind \(kind.name) has neither characters, lines, nor pages")
        }
    }

    /// Characters have no names, so that they are known by their pictures: `0f3a…`, and `0f3a… (2)` for another of the same.
    private static func characters(_ images: CharacterImages) -> [Sample] {
        let hashes = parallelMap(images.count) { ContentHash(images.image($0)).description.prefix(16) }
        var counts: [Substring: Int] = [:]
        return (0..<images.count).map { index in
            counts[hashes[index], default: 0] += 1
            let number = counts[hashes[index]] ?? 1
            return Sample(
                name: "\(hashes[index])" + (number > 1 ? " (\(number))" : ""),
                text: images.classNames[images.labels[index]], writer: nil, page: nil,
                image: {
                    Image(
                        width: CharacterImages.side, height: CharacterImages.side, channels: 1,
                        pixels: images.image(index).map { 255 - $0 })
                }, file: nil)
        }
    }

    private static func lines(
        _ found: (lines: any LineSource, missingImages: Int), _ directory: String, _ split: String
    ) throws -> Split {
        let lines = found.lines
        let samples = try (0..<lines.count).map { index in
            var file: String?
            let ingredients = try lines.ingredients(of: index)
            let text = try lines.text(of: index)
            if ingredients.count == 2, case .file(let path) = ingredients[0], ingredients[1] == .text(text) {
                file = path
            }
            return Sample(
                name: relative(lines.name(of: index), to: directory), text: text, writer: lines.writer(of: index),
                page: lines.page(of: index).map { relative($0, to: directory) },
                image: { try lines.line(index).image }, file: file)
        }
        return Split(name: split, samples: samples, missingImages: found.missingImages)
    }

    private static func pages(_ pages: [TranscribedPage], _ directory: String, _ split: String) -> Split {
        let present = pages.filter(\.hasImage)
        let samples = present.map { page in
            Sample(
                name: relative(page.name, to: directory), text: page.page.text, writer: page.writer,
                page: relative(page.name, to: directory), image: { try page.image() },
                file: page.imagePage == 0 ? page.imagePath : nil)
        }
        return Split(name: split, samples: samples, missingImages: pages.count - present.count)
    }

    /// A name without the directory that it begins with.
    private static func relative(_ name: String, to directory: String) -> String {
        name.hasPrefix("\(directory)/") ? String(name.dropFirst(directory.count + 1)) : name
    }
}
