extension Drawing {
    /// The drawing as SVG 1.1 with CSS variables for its colors.
    ///
    /// - Parameter isStandalone: whether the text is a document of its own, rather than an element of a page.
    public func svg(isStandalone: Bool = true) -> String {
        let size = "width=\"\(width.svg)\" height=\"\(height.svg)\" viewBox=\"0 0 \(width.svg) \(height.svg)\""
        var text = "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"chart\" role=\"img\" \(size)>\n"
        text += "<title>\(title.xml)</title>\n<desc>\(summary.xml)</desc>\n"
        if isStandalone {
            text += "<style>svg { \(Theme.light.css) font-family: \(Self.fonts) } "
            text += "@media (prefers-color-scheme: dark) { svg { \(Theme.dark.css) } }</style>\n"
        }
        for element in elements { text += element.svg + "\n" }
        return text + "</svg>\n"
    }

    /// Fonts with the widths that the layout is made for, first.
    package static let fonts = "\"Liberation Sans\", Arial, Helvetica, sans-serif"
}

extension Drawing.Element {
    fileprivate var svg: String {
        let color = "var(\(paint.variable), \(Theme.light.css(paint)))"
        let (fill, stroke) = (style("fill", color), style("stroke", color))
        return switch shape {
        case .line(let places, let width, let dash):
            closed(
                "polyline points=\"\(places.svg)\" fill=\"none\" stroke-width=\"\(width.svg)\" stroke-linecap=\"round\" "
                    + "stroke-linejoin=\"round\""
                    + (dash.isEmpty ? "" : " stroke-dasharray=\"\(dash.map(\.svg).joined(separator: " "))\"") + stroke)
        case .area(let places): closed("polygon points=\"\(places.svg)\"" + fill)
        case .rectangle(let x, let y, let width, let height):
            closed(
                "rect x=\"\(x.svg)\" y=\"\(y.svg)\" width=\"\(max(width, 0).svg)\" height=\"\(max(height, 0).svg)\""
                    + fill)
        case .disk(let place, let radius):
            closed("circle cx=\"\(place.x.svg)\" cy=\"\(place.y.svg)\" r=\"\(radius.svg)\"" + fill)
        case .ring(let place, let radius, let width):
            closed(
                "circle cx=\"\(place.x.svg)\" cy=\"\(place.y.svg)\" r=\"\(radius.svg)\" fill=\"none\" "
                    + "stroke-width=\"\(width.svg)\"" + stroke)
        case .text(let string, let place, let size, let anchor):
            "<text x=\"\(place.x.svg)\" y=\"\(place.y.svg)\" font-size=\"\(size.svg)\""
                + (anchor == .start ? "" : " text-anchor=\"\(anchor.rawValue)\"") + fill + ">\(string.xml)</text>"
        }
    }

    /// An empty element, or one with a note for a pointer.
    private func closed(_ tag: String) -> String {
        guard let note else { return "<\(tag)/>" }
        return "<\(tag)><title>\(note.xml)</title></\(tag.prefix { $0 != " " })>"
    }

    private func style(_ name: String, _ color: String) -> String {
        " style=\"\(name): \(color)\(opacity < 1 ? "; \(name)-opacity: \(opacity.svg)" : "")\""
    }
}

extension [Place] {
    fileprivate var svg: String { map { "\($0.x.svg),\($0.y.svg)" }.joined(separator: " ") }
}

extension Double {
    /// The number with at most two decimals.
    fileprivate var svg: String {
        let rounded = (self * 100).rounded() / 100
        return rounded == rounded.rounded() ? "\(Int(rounded))" : "\(rounded)"
    }
}

extension String {
    /// The text within markup. Characters that XML 1.0 forbids (section 2.2) are left out.
    package var xml: String {
        var result = String.UnicodeScalarView()
        for scalar in unicodeScalars {
            switch scalar.value {
            case 0x26: result.append(contentsOf: "&amp;".unicodeScalars)
            case 0x3C: result.append(contentsOf: "&lt;".unicodeScalars)
            case 0x3E: result.append(contentsOf: "&gt;".unicodeScalars)
            case 0x22: result.append(contentsOf: "&quot;".unicodeScalars)
            case 0x09, 0x0A, 0x0D, 0x20...0xD7FF, 0xE000...0xFFFD, 0x10000...0x10FFFF: result.append(scalar)
            default: break
            }
        }
        return String(result)
    }
}
