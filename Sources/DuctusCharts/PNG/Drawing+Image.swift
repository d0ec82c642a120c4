#if canImport(Darwin)
    import Darwin
#elseif canImport(Glibc)
    import Glibc
#endif

extension Drawing {
    /// The drawing as a picture.
    ///
    /// - Parameters:
    ///   - scale: the number of pixels of a unit.
    ///   - theme: the colors.
    ///   - typeface: the font of the labels.
    public func image(scale: Double = 2, theme: Theme = .light, typeface: Typeface) -> Image {
        var image = Image(
            width: Int((width * scale).rounded(.up)), height: Int((height * scale).rounded(.up)), channels: 3,
            filledWith: 255)
        Pencil.draw(with: typeface, on: &image) { pencil in
            for element in elements { pencil.draw(element, scale, theme[element.paint]) }
        }
        return image
    }
}

extension Pencil {
    fileprivate mutating func draw(_ element: Drawing.Element, _ scale: Double, _ color: Image.Color) {
        let opacity = element.opacity
        switch element.shape {
        case .line(let places, let width, let dash):
            for part in places.map({ $0 * scale }).dashed(dash.map { $0 * scale }) {
                stroke(part, width: width * scale, color, opacity: opacity)
            }
        case .area(let places): fill(places.map { $0 * scale }, color, opacity: opacity)
        case .rectangle(let x, let y, let width, let height):
            let (left, right) = (x * scale, (x + width) * scale)
            let (top, bottom) = (y * scale, (y + height) * scale)
            fill([[left, top], [right, top], [right, bottom], [left, bottom]], color, opacity: opacity)
        case .disk(let place, let radius): fill(Self.circle(place, radius, scale), color, opacity: opacity)
        case .ring(let place, let radius, let width):
            stroke(
                Self.circle(place, radius, scale), width: width * scale, isClosed: true, color, opacity: opacity)
        case .text(let text, var place, let size, let anchor):
            place *= scale
            let length = width(of: text, size: size * scale)
            place.x -= anchor == .middle ? length / 2 : anchor == .end ? length : 0
            write(text, at: place, size: size * scale, color, opacity: opacity)
        }
    }

    private static func circle(_ center: Place, _ radius: Double, _ scale: Double) -> [Place] {
        (0..<48).map { step in
            let angle = Double(step) / 48 * 2 * Double.pi
            return (center + Place(cos(angle), sin(angle)) * radius) * scale
        }
    }
}

extension [Place] {
    /// The pieces of a line of which every other length is left out.
    fileprivate func dashed(_ lengths: [Double]) -> [[Place]] {
        guard var last = first, lengths.count > 1, lengths.allSatisfy({ $0 > 0 }) else {
            return count > 1 ? [self] : []
        }
        var (pieces, current, number, left) = ([[Place]](), [last], 0, lengths[0])
        for place in dropFirst() {
            var rest = ((place - last) * (place - last)).sum().squareRoot()
            while rest > left {
                last += (place - last) * (left / rest)
                rest -= left
                if number.isMultiple(of: 2) { pieces.append(current + [last]) }
                current = [last]
                number += 1
                left = lengths[number % lengths.count]
            }
            left -= rest
            last = place
            if number.isMultiple(of: 2) { current.append(place) }
        }
        if number.isMultiple(of: 2), current.count > 1 { pieces.append(current) }
        return pieces
    }
}
