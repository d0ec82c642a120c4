import ArgumentParser
import Ductus

extension Synthesize {
    struct Pages: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Synthesizes pictures of pages with known lines, as a data set of the kind “alto”.",
            discussion: """
                Pages of a data set, or their lines in new layouts, on plain, ruled and squared paper, in uneven light, \
                turned, curled, and before a desk: what detectors of baselines are trained on. Texts are not part of \
                them. Picture n depends only on the seed, n, and the data.
                """)

        @Option(help: ArgumentHelp("The directory of the data set.", valueName: "dir"))
        var output: String

        @Option(help: ArgumentHelp("The number of pictures.", valueName: "n"))
        var count: Int

        @Option(help: "The random seed.")
        var seed: UInt64 = 1

        @Option(
            help: ArgumentHelp("The kind of the data that lines are taken from: iam, alto, or page.", valueName: "kind")
        )
        var dataset = "iam"

        @Option(help: ArgumentHelp("The directory of these data.", valueName: "dir"))
        var data: String

        @Option(help: ArgumentHelp("The split of these data.", valueName: "name"))
        var split = "train"

        @Option(help: ArgumentHelp("The width and height of pictures, in pixels.", valueName: "pixels"))
        var side = 512

        @OptionGroup var common: CommonOptions

        func validate() throws {
            if count < 1 { throw ValidationError("--count must be at least 1.") }
            if !(64...4096).contains(side) { throw ValidationError("--side must be between 64 and 4096.") }
        }

        func run() throws {
            common.apply()
            let source = try DetectionDataset(kind: Choice(dataset), directory: data, split: split)
            let views = PageViews([try source.inkPages()], side: side, input: BaselineInput(), seed: seed)
            try File.createDirectory(output)
            let digits = String(count - 1).count
            for index in 0..<count {
                let (image, lines) = views.view(index, epoch: 0)
                let number = String(index)
                let name = "page-" + String(repeating: "0", count: digits - number.count) + number
                try image.writePNG(to: "\(output)/\(name).png")
                let page = Page(
                    image: "\(name).png", width: side, height: side, lines: lines.map { Page.Line($0, text: "") })
                try File.write(Array(PageFormat.alto.render([page]).utf8), to: "\(output)/\(name).xml")
            }
            try printResult("\(output)\n")
        }
    }
}
