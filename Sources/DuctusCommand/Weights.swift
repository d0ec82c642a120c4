import ArgumentParser
import Ductus

struct Weights: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Converts, exports and inspects weights files.",
        subcommands: [Convert.self, Export.self, Show.self])

    enum Framework: String, ExpressibleByArgument, CaseIterable { case pytorch }

    struct Convert: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Converts weights of another framework.",
            discussion: """
                The weights must be those of the PyTorch port of the Full Stack Deep Learning text recognizer, as a \
                state_dict in a safetensors file:

                  safetensors.torch.save_file(torch.load(FILE, map_location="cpu"), "in.safetensors")
                """)

        @Option(help: "The framework.")
        var from = Framework.pytorch

        @Option(help: "The network: \(PyTorchWeights.networks.joined(separator: ", ")).")
        var network: String

        @Option(
            help: ArgumentHelp(
                "The alphabet: fsdl-80, iam, or a JSON file with characters and blank.", valueName: "file|name"))
        var characters = "fsdl-80"

        @Option(
            name: .customLong("set"),
            help: ArgumentHelp("Overrides a property of the network's configuration.", valueName: "key=value"))
        var changes: [String] = []

        @Argument(help: "The safetensors file to read.")
        var source: String

        @Argument(help: "The weights file to write.")
        var output: String

        func run() throws {
            let counts = try WeightsFile.convert(
                pytorch: source, network: network, changes: changes,
                characters: Alphabet(named: characters), to: output)
            report(
                "Converted \(counts.parameters) parameters, \(counts.redundant) of them redundant, and "
                    + "\(counts.buffers) buffer elements.")
        }
    }

    struct Export: ParsableCommand {
        enum Precision: String, ExpressibleByArgument, CaseIterable { case float32, float16, bfloat16 }

        static let configuration = CommandConfiguration(
            abstract: "Writes weights as a file of their own.",
            discussion: """
                Several files or runs of the same model become one with the mean of their weights, which often reads better \
                than each where they started training from the same weights:

                  ductus weights export runs/lines-a runs/lines-b --precision float16 -o line-reader.safetensors
                """)

        @Option(help: "How numbers are stored: float16 and bfloat16 take half the space of float32.")
        var precision = Precision.float32

        @Option(name: .shortAndLong, help: ArgumentHelp("The weights file to write.", valueName: "file"))
        var output: String

        @Argument(help: ArgumentHelp("Weights files or runs.", valueName: "file|run"))
        var sources: [String]

        func run() throws {
            let type: ElementType =
                switch precision {
                case .float32: .float32
                case .float16: .float16
                case .bfloat16: .bfloat16
                }
            try WeightsFile.export(sources, storedAs: type, to: output)
        }
    }

    struct Show: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Prints the metadata and tensors of a safetensors file.")

        @Argument(
            help: ArgumentHelp("A weights file, run, checkpoint, or other safetensors file.", valueName: "file|run"))
        var file: String

        func run() throws {
            let archive = try TensorArchive(
                contentsOf: File.isDirectory(file) ? "\(file)/\(WeightsFile.bestName)" : file)
            var rows = archive.metadata.sorted { $0.key < $1.key }.map { [$0.key, $0.value] }
            var total = 0
            for name in archive.names {
                guard let shape = archive.shape(of: name), let type = archive.elementType(of: name) else {
                    rows.append([name, "of a type or shape that cannot be read"])
                    continue
                }
                rows.append([name, "\(type) \(shape)"])
                total += shape.elementCount
            }
            rows.append(["\(archive.names.count) tensors", "\(total) elements"])
            let width = rows.map { $0[0].count }.max() ?? 0
            for row in rows {
                try printResult(row[0] + String(repeating: " ", count: width - row[0].count + 2) + row[1] + "\n")
            }
        }
    }
}
