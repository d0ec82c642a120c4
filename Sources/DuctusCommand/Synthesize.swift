import ArgumentParser
import Ductus
import DuctusSynthesis

struct Synthesize: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Synthesizes training data.", subcommands: [Lines.self, Pages.self])

    struct Lines: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Synthesizes lines of handwriting from fonts, as a data set of the kind “lines”.",
            discussion: """
                Line n depends only on the seed, n, the text, and the fonts. The default fonts are those of these Debian \
                packages:

                  apt-get install \(Font.debianPackages.joined(separator: " "))
                """)

        @Option(help: ArgumentHelp("The directory of the data set.", valueName: "dir"))
        var output: String

        @Option(help: ArgumentHelp("The number of lines.", valueName: "n"))
        var count: Int

        @Option(help: "The random seed.")
        var seed: UInt64 = 1

        @Option(
            help: ArgumentHelp(
                "The text of the lines: a text file, or iam:DIR for the texts of the IAM database.",
                valueName: "file|iam:dir"))
        var text: String

        @Option(
            help: ArgumentHelp("The number of words per line.", valueName: "min-max"),
            transform: { (words: String) throws -> ClosedRange<Int> in
                let bounds = words.split(separator: "-", omittingEmptySubsequences: false).map { Int($0) ?? 0 }
                guard let least = bounds.first, let most = bounds.last, bounds.count < 3, 1 <= least, least <= most
                else { throw ValidationError("--words must be a range, such as 2-9.") }
                return least...most
            })
        var words: ClosedRange<Int> = 2...9

        @Option(
            parsing: .upToNextOption,
            help: ArgumentHelp("Directories of fonts, instead of the Debian packages.", valueName: "dir"))
        var fonts: [String] = []

        @Option(help: ArgumentHelp("The split of the lines, and of iam:DIR.", valueName: "name"))
        var split = "train"

        @OptionGroup var common: CommonOptions

        func validate() throws {
            if count < 1 { throw ValidationError("--count must be at least 1.") }
            if split.isEmpty || split.contains(where: \.isNewline) || split.contains("\t") {
                throw ValidationError("--split must be a name without tabs or line breaks.")
            }
        }

        func run() throws {
            common.apply()
            let text = try LineSynthesis.text(named: text, split: split)
            let characters = try Alphabet(covering: [Alphabet.iam.characters, text])
            let fonts =
                try fonts.isEmpty
                ? Font.handwriting(characters: characters) : Font.all(in: fonts, characters: characters)
            let lines = try FontLines(fonts, text: text, words: words, count: count, seed: seed)
            if let first = lines.skippedWords.first {
                report(
                    "Skipping \(lines.skippedWords.count) words with characters that no font has, such as “\(first)”.")
            }
            let start = ContinuousClock.now
            try lines.write(to: output, split: split) { done in
                report("\(done) of \(count) lines, \((ContinuousClock.now - start).short)")
            }
            try printResult("\(output)\n")
        }
    }
}
