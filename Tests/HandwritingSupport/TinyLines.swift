import DuctusHandwriting

/// A made-up script that a tiny network can learn: each letter is a pattern of bars on white paper.
package enum TinyLines {
    package static let letters = "abc"
    private static let letterWidth = 14
    private static let height = 28

    /// A line of writing, dark on light.
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

    /// Writes a folder of lines with the splits `train` and `validation`.
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

    /// The configuration of a training of seconds on that folder.
    package static func configuration(directory: String, epochs: Int) -> String {
        """
        {
            "name": "tiny", "task": "lines", "characters": "\(letters)",
            "data": {"kind": "lines", "directory": \(JSONText.quoted(directory))},
            "network": {"name": "crnn", "filters": [2, 2, 3, 3, 3], "hidden": 3, "dropout": 0.1},
            "training": {"epochs": \(epochs), "batchSize": 3, "rate": 0.01, "augmentation": {"shear": 0.1, "contrast": 0.1}}
        }
        """
    }

    /// A page with lines of ink, and where they are.
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
