/// Lines synthesized from images of single characters, such as those of EMNIST, and from the words of a text.
///
/// A line has some consecutive words of the text. The images of its characters overlap by a random fraction, which is
/// drawn for every line; where ink overlaps, its darkness is added, up to black. A space is as wide as a character.
/// Line i depends on the seed and on i alone, so lines can be made in any order and by any number of threads.
///
/// ```swift
/// let letters = try CharacterImages.emnist(in: "data/emnist", split: "train")
/// let lines = try SynthesizedLines(letters, text: "The pen moves over the page", count: 1_000)
/// try lines.line(0).text                                                  // "moves over the"
/// let data = LineDataset(lines, characters: .fsdl80)
/// ```
public struct SynthesizedLines: LineSource {
    public let count: Int
    /// The images of the characters.
    public let images: CharacterImages
    /// The settings of the lines.
    public let synthesis: LineSynthesis

    private let words: [[Unicode.Scalar]]
    private let choices: [Unicode.Scalar: [Int]]
    private let stream: RandomStream

    /// Lines of the words of a text. Characters without an image are left out.
    ///
    /// - Parameters:
    ///   - images: the characters; only classes named by a single character are used.
    ///   - text: the words.
    ///   - count: the number of lines.
    ///   - synthesis: the settings; its own counts and text are not used here.
    ///   - stream: lines of different streams are independent.
    /// - Throws: ``DatasetError`` if no word of the text has a character with an image, and is short enough.
    public init(
        _ images: CharacterImages, text: String, count: Int, synthesis: LineSynthesis = LineSynthesis(), stream: Int = 0
    ) throws(DatasetError) {
        precondition(
            count >= 0 && synthesis.maximumLength > 0,
            "There cannot be \(count) lines of at most \(synthesis.maximumLength) characters.")
        precondition(
            0 <= synthesis.minimumOverlap && synthesis.minimumOverlap <= synthesis.maximumOverlap
                && synthesis.maximumOverlap < 1,
            "Overlaps are fractions of a character, 0 ≤ minimum ≤ maximum < 1.")
        (self.images, self.count, self.synthesis) = (images, count, synthesis)
        self.stream = RandomStream(seed: synthesis.seed).split(stream)
        let scalars = images.classNames.map(\.composedScalars)
        var choices: [Unicode.Scalar: [Int]] = [:]
        for (index, label) in images.labels.enumerated() where scalars[label].count == 1 {
            choices[scalars[label][0], default: []].append(index)
        }
        self.choices = choices
        words = text.composedScalars.split { $0.properties.isWhitespace }
            .map { $0.filter { choices[$0] != nil } }
            .filter { !$0.isEmpty && $0.count <= synthesis.maximumLength }
        guard !words.isEmpty else {
            throw .unwritable(classes: images.classNames.joined(), maximumLength: synthesis.maximumLength)
        }
    }

    public func name(of index: Int) -> String { "line \(index)" }

    public func line(_ index: Int) -> (image: Image, text: String) {
        var random = stream.split(index)
        let text = text(using: &random)
        return (image(text, using: &random), String(String.UnicodeScalarView(text)))
    }

    /// Some consecutive words; all numbers of words that fit are equally likely.
    private func text(using random: inout RandomStream) -> [Unicode.Scalar] {
        let first = Int.random(in: 0..<words.count, using: &random)
        var (last, length) = (first, words[first].count)
        while last + 1 < words.count, length + 1 + words[last + 1].count <= synthesis.maximumLength {
            last += 1
            length += 1 + words[last].count
        }
        last = Int.random(in: first...last, using: &random)
        return Array(words[first...last].joined(separator: [" "]))
    }

    private func image(_ text: [Unicode.Scalar], using random: inout RandomStream) -> Image {
        let side = CharacterImages.side
        let (least, most) = (synthesis.minimumOverlap, synthesis.maximumOverlap)
        let overlap = least + (most - least) * random.uniform()
        let step = side - Int(overlap * Double(side))
        let width = synthesis.isPadded ? side * synthesis.maximumLength : step * (text.count - 1) + side
        var ink = [UInt8](repeating: 0, count: side * width)
        var drawn: [Unicode.Scalar: Int] = [:]
        for (place, scalar) in text.enumerated() {
            guard let choices = choices[scalar] else { continue }
            let chosen = synthesis.repeatsImages ? drawn[scalar] : nil
            let number = chosen ?? choices[Int.random(in: 0..<choices.count, using: &random)]
            drawn[scalar] = number
            let source = number * side * side
            for row in 0..<side {
                let start = row * width + place * step
                for column in 0..<side {
                    let sum = Int(ink[start + column]) + Int(images.pixels[source + row * side + column])
                    ink[start + column] = UInt8(min(sum, 255))
                }
            }
        }
        return Image(width: width, height: side, channels: 1, pixels: ink).inverted()
    }
}

extension SynthesizedLines {
    /// Lines of the characters of a split of EMNIST, `train` or `test`.
    public init(emnist directory: String, split: String, synthesis: LineSynthesis = LineSynthesis()) throws {
        let isTraining = split == "train"
        try self.init(
            .emnist(in: directory, split: split), text: synthesis.resolvedText(),
            count: isTraining ? synthesis.count : synthesis.testCount, synthesis: synthesis, stream: isTraining ? 0 : 1)
    }
}

extension LineSynthesis {
    /// The contents of ``text``.
    func resolvedText() throws -> String {
        guard let text else { return Self.defaultText }
        let prefix = text.hasPrefix("iam:") ? "iam:" : ""
        return try Self.text(
            named: prefix + File.expanded(String(text.dropFirst(prefix.count)), file: "data.kind.text"))
    }

    /// The contents of a text file, or, for `iam:DIRECTORY`, the texts of a split of the IAM database.
    package static func text(named name: String, split: String = "train") throws(DatasetError) -> String {
        if name.hasPrefix("iam:") {
            let forms = try IAMDatabase(directory: String(name.dropFirst(4))).split(named: split)
            return forms.flatMap(\.lines).map(\.text).joined(separator: "\n")
        }
        let file = try TextFile(path: name, remedy: "give a text file, or iam:DIRECTORY, or nothing")
        return file.lines.map(\.text).joined(separator: "\n")
    }
}
