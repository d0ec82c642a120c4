import ArgumentParser
import Ductus

struct Evaluate: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Measures weights on a data set.",
        subcommands: [Characters.self, Lines.self, Detection.self, Pages.self])

    struct Options: ParsableArguments {
        @Option(
            help: ArgumentHelp(
                "The kind of data set: mnist or emnist; iam, lines, emnist-lines, alto or page.", valueName: "kind"))
        var dataset: String

        @Option(help: ArgumentHelp("Where the data set is.", valueName: "dir"))
        var data: String

        @Option(help: ArgumentHelp("The part of the data set to measure on.", valueName: "name"))
        var split: String

        @Option(
            help: ArgumentHelp("A weights file or a run; what comes with Ductus, if absent.", valueName: "file|run"))
        var weights: String?

        @Option(help: ArgumentHelp("So many samples only.", valueName: "n"))
        var limit: Int?

        @Flag(help: "Prints one JSON object.")
        var json = false

        @OptionGroup var common: CommonOptions

        func validate() throws {
            if let limit, limit < 1 { throw ValidationError("--limit must be at least 1.") }
        }

        /// The given weights, or those that come with Ductus under `name`.
        func weights(named name: String) throws -> String {
            if let weights { return weights }
            return try ParagraphReader.pretrainedDirectory() + "/" + name
        }

        /// Prints a result: as JSON, or as `name value` lines.
        func show(_ result: some Encodable) throws {
            let text = try JSONText(encoding: result)
            guard !json, let members = text.object else { return printResult(text.text + "\n") }
            let width = members.keys.map(\.count).max() ?? 0
            for (key, value) in members.sorted(by: { $0.key < $1.key }) {
                let padding = String(repeating: " ", count: width - key.count + 2)
                printResult(key + padding + (value.string ?? value.text) + "\n")
            }
        }
    }

    struct Characters: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Single characters.")
        @OptionGroup var options: Options

        func run() throws {
            options.common.apply()
            let predictor = try CharacterPredictor(options.weights(named: "characters.safetensors"))
            let data = try CharacterDataset(kind: options.dataset, directory: options.data, split: options.split)
            try options.show(Evaluation.characters(predictor, on: data, limit: options.limit))
        }
    }

    struct Lines: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Images of single lines.")
        @OptionGroup var decoding: DecodingOptions
        @OptionGroup var options: Options

        func run() throws {
            options.common.apply()
            var reader = try LineReader(options.weights(named: ParagraphReader.readerName))
            reader.decoding = decoding.decoding
            let data = try LineDataset(kind: options.dataset, directory: options.data, split: options.split)
            try options.show(Evaluation.lines(reader, on: data, limit: options.limit))
        }
    }

    struct Detection: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "The lines' places on pages.")
        @OptionGroup var options: Options

        func run() throws {
            options.common.apply()
            let detector = try LineDetector(options.weights(named: ParagraphReader.detectorName))
            let data = try DetectionDataset(kind: options.dataset, directory: options.data, split: options.split)
            try options.show(Evaluation.detection(detector, on: data, limit: options.limit))
        }
    }

    struct Pages: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Whole pages, from the image to the text.")
        @OptionGroup var decoding: DecodingOptions
        @OptionGroup var options: Options

        func run() throws {
            options.common.apply()
            var reader: any PageReader = try options.weights.map { try pageReader($0) } ?? ParagraphReader.pretrained()
            reader.decoding = decoding.decoding
            let data = try DetectionDataset(kind: options.dataset, directory: options.data, split: options.split)
            try options.show(Evaluation.pages(reader, on: data, limit: options.limit))
        }
    }
}
