import DuctusHandwriting

/// Pages in the script of `TinyLines`, in the format of the IAM database.
package enum TinyPages {
    package static let texts = [
        "train": [["abc", "cab"], ["bca"], ["ca", "acb", "bc"], ["cb", "ab"]],
        "validation": [["bac", "cba"], ["acb"]],
    ]
    private static let width = 160

    /// A page with a line every 40 pixels, and their boxes. The letters of a line are connected by a rule.
    package static func page(_ texts: [String]) -> (image: Image, lines: [Box]) {
        var image = Image(width: width, height: 40 * texts.count + 20, filledWith: 255)
        var boxes: [Box] = []
        for (index, text) in texts.enumerated() {
            let line = TinyLines.image(text)
            let box = Box(x: 20, y: 15 + 40 * index, width: line.width, height: line.height)
            for row in 0..<line.height {
                for column in 0..<line.width {
                    let isRule = (24..<27).contains(row)
                    image[box.x + column, box.y + row] = isRule ? 20 : line[column, row] == 20 ? 20 : 255
                }
            }
            // Without the empty rows above and below.
            boxes.append(Box(x: box.x, y: box.y + 4, width: box.width, height: 23))
        }
        return (image, boxes)
    }

    /// The recognition of whole paragraphs of these pages.
    package static func paragraphs(directory: String) -> ParagraphRecognition {
        var task = ParagraphRecognition()
        (task.data.directory, task.characters) = (directory, TinyLines.letters)
        (task.data.paragraphs.count, task.data.paragraphs.maximumLines) = (12, 2)
        task.input = ParagraphInput(height: 64, width: 64, scale: 0.5)
        return task
    }

    /// Writes the pages with the splits `train` and `validation`.
    package static func write(to directory: String) throws {
        for name in ["ascii", "forms", "splits", "lines"] { try File.createDirectory("\(directory)/\(name)") }
        var (forms, lines) = ("", "")
        for (split, pages) in texts.sorted(by: { $0.key < $1.key }) {
            var names = ""
            for (number, texts) in pages.enumerated() {
                let (image, boxes) = page(texts)
                let name = "\(split.prefix(1))-\(number)"
                try image.writePNG(to: "\(directory)/forms/\(name).png")
                forms += "\(name) 1\n"
                names += "\(name)\n"
                let folder = "\(directory)/lines/\(split.prefix(1))/\(name)"
                try File.createDirectory(folder)
                for (index, (text, box)) in zip(texts, boxes).enumerated() {
                    lines += "\(name)-0\(index) ok 1 1 \(box.x) \(box.y) \(box.width) \(box.height) \(text)\n"
                    try image.cropped(x: box.x, y: box.y, width: box.width, height: box.height)
                        .writePNG(to: "\(folder)/\(name)-0\(index).png")
                }
            }
            try File.write(Array(names.utf8), to: "\(directory)/splits/\(split).txt")
        }
        try File.write(Array(forms.utf8), to: "\(directory)/ascii/forms.txt")
        try File.write(Array(lines.utf8), to: "\(directory)/ascii/lines.txt")
    }
}
