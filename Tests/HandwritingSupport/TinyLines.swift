import DuctusHandwriting

/// An artificial script that a small network can learn: every letter is a pattern of bars.
package enum TinyLines {
    package static let letters = "abc"
    private static let letterWidth = 14
    private static let height = 28

    /// A line, dark on light.
    package static func image(_ text: String) -> Image {
        let width = letterWidth * max(text.count, 1)
        var pixels = [UInt8](repeating: 245, count: width * height)
        for (index, letter) in text.enumerated() {
            let rows = letter == "a" ? 4..<12 : letter == "b" ? 16..<24 : 4..<24
            for row in rows {
                for column in 3..<11 { pixels[row * width + index * letterWidth + column] = 20 }
            }
        }
        return Image(width: width, height: height, channels: 1, pixels: pixels)
    }

    package static let training = ["ab", "ba", "ac", "ca", "bc", "cb", "abc", "cab"]
    package static let validation = ["bca", "acb"]

    /// Writes a directory of lines with the splits `train` and `validation`.
    package static func write(to directory: String) throws {
        try File.createDirectory("\(directory)/lines")
        var table = ""
        for (split, texts) in [("train", training), ("validation", validation)] {
            for text in texts {
                try image(text).writePNG(to: "\(directory)/lines/\(text).png")
                table += "\(split)\tpage\t\(text).png\t\(text)\n"
            }
        }
        try File.write(Array(table.utf8), to: "\(directory)/lines.tsv")
    }

    /// The recognition of these lines.
    package static func task(directory: String) -> LineRecognition {
        var task = LineRecognition()
        (task.data.kind, task.data.directory, task.characters) = ("lines", directory, letters)
        return task
    }

    /// A small network, without its number of classes.
    package static let network = CRNN.Configuration(
        classes: letters.count + 1, filters: [2, 2, 3, 3, 3], hidden: 3, dropout: 0.1)

    /// An experiment that takes seconds.
    package static func experiment(_ task: LineRecognition, epochs: Int) throws -> Experiment {
        var training = TrainingConfiguration()
        (training.epochs, training.batchSize, training.rate) = (epochs, 3, 0.01)
        training.augmentation = Augmentation(shear: 0.1, contrast: 0.1)
        return try Experiment(name: "tiny", task: task, network: CRNN.self, network, training: training)
    }

    /// An experiment that takes seconds, on a directory of lines.
    package static func experiment(directory: String, epochs: Int) throws -> Experiment {
        try experiment(task(directory: directory), epochs: epochs)
    }

    /// A page with three black lines, and their boxes.
    package static func page() -> (image: Image, lines: [Box]) {
        let lines = (0..<3).map { Box(x: 40, y: 60 + 100 * $0, width: 420, height: 50) }
        var pixels = [UInt8](repeating: 255, count: 512 * 400)
        for line in lines {
            for row in line.y..<line.maxY {
                for column in line.x..<line.maxX { pixels[row * 512 + column] = 0 }
            }
        }
        return (Image(width: 512, height: 400, channels: 1, pixels: pixels), lines)
    }
}
