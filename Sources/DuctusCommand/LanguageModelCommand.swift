import ArgumentParser
import Ductus

struct LanguageModelCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "lm", abstract: "Trains and inspects language models.", subcommands: [Train.self, Show.self])

    struct Train: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Estimates a character n-gram model from texts.",
            discussion: """
                The model helps ductus read to choose between similar characters. Texts and their weights are paired in \
                their order; a text without a weight has the weight 1. Of data sets, only the transcriptions of the split \
                are used:

                  ductus lm train --text novels.txt --text iam:data/iam --weight 1 --weight 10 --language en \
                --output english.lm
                """)

        @Option(
            help: ArgumentHelp(
                "A text file, which may be compressed with gzip, or the kind and directory of a data set of lines, such "
                    + "as iam:DIR or lines:DIR; may be repeated.",
                valueName: "file|kind:dir"))
        var text: [String]

        @Option(help: ArgumentHelp("How often a text counts; may be repeated.", valueName: "n"))
        var weight: [Int] = []

        @Option(help: ArgumentHelp("The split of data sets.", valueName: "name"))
        var split = "train"

        @Option(help: ArgumentHelp("The number of characters of the longest n-grams, 2 to 8.", valueName: "n"))
        var order = 7

        @Option(
            help: ArgumentHelp("The maximum size of the file, in bytes, or as 500kB or 8MB.", valueName: "size"),
            transform: { (text: String) throws -> Int in
                let units: [(suffix: String, bytes: Int)] = [("MB", 1_000_000), ("kB", 1000), ("", 1)]
                for unit in units where text.hasSuffix(unit.suffix) {
                    guard let number = Double(text.dropLast(unit.suffix.count)) else { break }
                    let bytes = number * Double(unit.bytes)
                    if 10_000...1e9 ~= bytes { return Int(bytes) }
                }
                throw ValidationError("--size must be from 10kB to 1000MB, such as 8MB.")
            })
        var size = 8_000_000

        @Option(help: ArgumentHelp("The language as a code of ISO 639-1, such as en.", valueName: "code"))
        var language: String

        @Option(name: [.short, .long], help: ArgumentHelp("The file to write.", valueName: "file"))
        var output: String

        @OptionGroup var common: CommonOptions

        func validate() throws {
            guard 2...8 ~= order else { throw ValidationError("--order must be 2 to 8.") }
            guard weight.count <= text.count else {
                throw ValidationError("There are \(weight.count) weights for \(text.count) texts.")
            }
            guard weight.allSatisfy({ 1...1000 ~= $0 }) else { throw ValidationError("--weight must be 1 to 1000.") }
            guard !language.isEmpty, language.unicodeScalars.allSatisfy({ "a"..."z" ~= $0 }) else {
                throw ValidationError("--language must be a code such as en or fr.")
            }
        }

        func run() throws {
            common.apply()
            var trainer = LanguageModelTrainer(language: language)
            (trainer.order, trainer.maximumBytes) = (order, size)
            for (index, name) in text.enumerated() {
                let text = try LanguageModelTrainer.text(named: name, split: split)
                // Paths of this machine are nobody else's business.
                let short = name.split(separator: "/").last.map(String.init) ?? name
                trainer.add(text, named: short, weight: index < weight.count ? weight[index] : 1)
            }
            try trainer.write(to: output)
            try Show.printDescription(of: output)
        }
    }

    struct Show: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Prints the metadata of a language model.")

        @Argument(help: "A language model file.")
        var file: String

        func run() throws { try Self.printDescription(of: file) }

        static func printDescription(of file: String) throws {
            let model = try LanguageModel(file)
            let header = model.header
            var rows = [
                ["language", header.language], ["order", "\(header.order)"], ["characters", header.characters],
                ["contexts", "\(header.contexts)"],
            ]
            rows += header.counts.enumerated().map { ["\($0.offset + 1)-grams", "\($0.element)"] }
            rows += header.sources.map { ["text", $0] }
            rows += [["SHA-256", try ContentHash(contentsOf: file).description]]
            for row in rows {
                try printResult(row[0] + String(repeating: " ", count: 12 - row[0].count) + row[1] + "\n")
            }
        }
    }
}
