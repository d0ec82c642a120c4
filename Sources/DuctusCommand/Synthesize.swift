import ArgumentParser
import Ductus
import DuctusSynthesis

struct Synthesize: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Makes data to learn from.", subcommands: [Lines.self])

    struct Lines: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Writes lines of handwriting with fonts, as a data set of the kind “lines”.",
            discussion: """
                Line n depends on the seed, n, the text and the fonts only. The fonts of Debian that are used when no \
                --fonts are given come with these packages:

                  apt-get install \(Font.debianPackages.joined(separator: " "))
                """)

        @Option(help: ArgumentHelp("The folder for lines.tsv and lines/*.png.", valueName: "dir"))
        var output: String

        @Option(help: ArgumentHelp("How many lines.", valueName: "n"))
        var count: Int

        @Option(help: "What all random numbers follow from.")
        var seed: UInt64 = 1

        @Option(
            help: ArgumentHelp(
                "What is written: a text file, or iam:DIR for what the forms of the IAM database say.",
                valueName: "file|iam:dir"))
        var text: String

        @Option(
            help: ArgumentHelp("How many words a line has.", valueName: "least-most"),
            transform: { (words: String) throws -> ClosedRange<Int> in
                let bounds = words.split(separator: "-", omittingEmptySubsequences: false).map { Int($0) ?? 0 }
                guard let least = bounds.first, let most = bounds.last, bounds.count < 3, 1 <= least, least <= most
                else { throw ValidationError("\(words) is not a number of words such as 2-9.") }
                return least...most
            })
        var words: ClosedRange<Int> = 2...9

        @Option(
            parsing: .upToNextOption,
            help: ArgumentHelp("Folders whose fonts are all used, instead of those of Debian.", valueName: "dir"))
        var fonts: [String] = []

        @Option(help: ArgumentHelp("The split of the lines, and the one that iam:DIR is about.", valueName: "name"))
        var split = "train"

        @OptionGroup var common: CommonOptions

        func validate() throws {
            if count < 1 { throw ValidationError("--count must be at least 1.") }
            if split.isEmpty || split.contains(where: \.isNewline) || split.contains("\t") {
                throw ValidationError("--split must be a name without tabs and line breaks.")
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
                report("\(lines.skippedWords.count) words are left out, which no font can write, such as “\(first)”.")
            }
            let start = ContinuousClock.now
            try lines.write(to: output, split: split) { done in
                report("\(done) of \(count) lines, \((ContinuousClock.now - start).short)")
            }
            printResult("\(output)\n")
        }
    }
}
