import Ductus

extension Image {
    /// A line and its prediction: a frame around the steps of every character, with the character below.
    ///
    /// - Parameters:
    ///   - line: `[height, width, 1]`, ink up to 1 on a background of 0.
    ///   - network: the line recognizer.
    ///   - characters: the alphabet of its classes.
    ///   - step: the number of columns per step of the network.
    ///   - window: the width of the window of a step in columns; that of the first starts at column 0.
    ///   - scale: the number of pixels per column.
    /// - Throws: `TypefaceError` if there is no font.
    public static func reading(
        _ line: Tensor<Float>, by network: any LineNetwork, _ characters: Alphabet, step: Int, window: Int,
        scale: Int = 3
    ) throws -> Image {
        let (height, width) = (line.shape[0], line.shape[1])
        let padding = max(network.minimumWidth - width, 0)
        let logits = network(line.padded(before: 0, after: padding, axis: 1).expandingShape(at: 0))
        let decoder = BestPathDecoder(
            classes: characters.count, blank: characters.blank, mergesRepetitions: network.alignment == .ctc)
        let reading = decoder.decode(logits.scalars)
        var picture = Image(
            width: width, height: height, channels: 1, pixels: line.scalars.map { UInt8(255 * (1 - $0)) }
        ).resized(width: scale * width, height: scale * height).rgb().padded(bottom: 26, fill: 255)
        for (number, character) in reading.characters.enumerated() {
            // A step is drawn at the center of its window.
            let start = scale * (step * character.frames.lowerBound + (window - step) / 2)
            let width = scale * step * character.frames.count
            let color = number.isMultiple(of: 2) ? Image.Color.red : .blue
            picture.frame(Box(x: start, y: 0, width: width, height: scale * height), in: color)
            try picture.draw(
                characters.decode([character.label]), x: start + width / 2, y: scale * height + 5, size: 18, .middle,
                color: color)
        }
        return picture
    }
}
