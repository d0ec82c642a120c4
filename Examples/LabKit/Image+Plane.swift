import Ductus

extension Image {
    /// A function over a square of the plane, from blue for 0 through white to red for 1, with points.
    ///
    /// - Parameters:
    ///   - range: the range of both coordinates; the second one increases upward.
    ///   - side: the width and height in pixels.
    ///   - points: the points, `[count, 2]`.
    ///   - labels: the classes of the points: 0 is blue, 1 is red.
    ///   - function: maps points `[count, 2]` to values `[count]`.
    public static func plane(
        _ range: ClosedRange<Float>, side: Int = 160, points: Tensor<Float>, labels: Tensor<Int32>,
        _ function: (Tensor<Float>) -> Tensor<Float>
    ) -> Image {
        let line = Tensor<Float>.linspace(range.lowerBound, range.upperBound, count: side)
        let x = line.broadcast(to: [side, side])
        let y = line.flipped().expandingShape(at: 1).broadcast(to: [side, side])
        let values = function(.stacked([x, y], axis: 2).reshaped(to: [side * side, 2])).scalars
        let colors = values.flatMap { value -> [UInt8] in
            let value = Double(min(max(value, 0), 1))
            let (toRed, toBlue) = (max(0, 2 * value - 1), max(0, 1 - 2 * value))
            return [255 - 110 * toBlue, 255 - 110 * toRed - 60 * toBlue, 255 - 115 * toRed].map { UInt8($0) }
        }
        var image = Image(width: side, height: side, channels: 3, pixels: colors)
        let scale = Float(side - 1) / (range.upperBound - range.lowerBound)
        let places = ((points - range.lowerBound) * scale).rounded().scalars
        for (number, label) in labels.scalars.enumerated() {
            let (x, y) = (Int(places[2 * number]), side - 1 - Int(places[2 * number + 1]))
            image.fill(x: x - 1, y: y - 1, width: 2, height: 2, color: label == 0 ? .blue : .red)
        }
        return image
    }
}
