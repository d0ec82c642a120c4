/// A condition under which people take pictures of pages: a change of a clean picture, to measure what it costs.
///
/// ```swift
/// var random = RandomStream(seed: 1)
/// let picture = PageCondition.named("shadow")?.apply(page, &random)
/// ```
public struct PageCondition: Sendable {
    /// The name on the command line.
    public let name: String
    /// A short description.
    public let summary: String
    private let change: @Sendable (_ page: Image, _ random: inout RandomStream) -> Image

    init(
        _ name: String, _ summary: String,
        change: @escaping @Sendable (_ page: Image, _ random: inout RandomStream) -> Image
    ) {
        (self.name, self.summary, self.change) = (name, summary, change)
    }

    /// The picture of a page under the condition, drawn from a random stream.
    public func apply(_ page: Image, using random: inout RandomStream) -> Image { change(page, &random) }

    /// The condition with a name.
    public static func named(_ name: String) -> PageCondition? { all.first { $0.name == name } }

    /// All conditions.
    public static let all = [
        PageCondition("clean", "the picture as it is") { page, _ in page },
        PageCondition("inverted", "white on black") { page, _ in page.inverted() },
        PageCondition("quarter-turn", "turned by 90° clockwise") { page, _ in page.turned(quarters: 1) },
        PageCondition("half-turn", "upside down") { page, _ in page.turned(quarters: 2) },
        PageCondition("three-quarter-turn", "turned by 90° counterclockwise") { page, _ in page.turned(quarters: 3) },
        PageCondition("dark-edge", "the dark edge of a scan at the left") { page, random in
            page.grayscale().padded(left: page.width / 25, fill: UInt8(random.uniform(0, 60)))
        },
        PageCondition("black-border", "a black border of 6 % around the page") { page, _ in
            let border = page.width * 6 / 100
            return page.grayscale().padded(top: border, left: border, bottom: border, right: border, fill: 0)
        },
        PageCondition("wide-margins", "white margins as wide as half of the page") { page, _ in
            let border = page.width / 2
            let paper = page.grayscale().background
            return page.grayscale().padded(top: border, left: border, bottom: border, right: border, fill: paper)
        },
        PageCondition("half-resolution", "half as many pixels along both sides") { page, _ in
            page.resized(width: max(page.width / 2, 1), height: max(page.height / 2, 1))
        },
        PageCondition("jpeg-20", "JPEG compression of quality 20") { page, _ in
            page.redrawn { $0.compressed(BlockCompression(quality: 20), down: 0, right: 0) }
        },
        PageCondition("colored-paper", "paper of half of the brightness") { page, _ in
            page.redrawn { 1 - (1 - $0) * 0.55 }
        },
        PageCondition("ruled", "ruled paper") { page, random in
            let rules = PaperRules(pitch: Double(page.width) * random.uniform(0.05, 0.08), isSquared: false)
            return page.viewed(rules: rules)
        },
        PageCondition("squared", "squared paper") { page, random in
            let rules = PaperRules(pitch: Double(page.width) * random.uniform(0.025, 0.035), isSquared: true)
            return page.viewed(rules: rules)
        },
        PageCondition("rotated-5", "turned by 5° clockwise") { page, _ in page.viewed(angle: 5) },
        PageCondition("rotated-minus-5", "turned by 5° counterclockwise") { page, _ in page.viewed(angle: -5) },
        PageCondition("shadow", "a shadow with a straight edge, half as bright") { page, random in
            let shade = Shade.edge(depth: 0.5, of: [page.height, page.width, 1], using: &random)
            return page.redrawn { $0.shaded(by: shade) }
        },
        PageCondition("uneven-light", "light that falls by half from one side to the other") { page, random in
            let shade = Shade.gradient(depth: 0.5, of: [page.height, page.width, 1], using: &random)
            return page.redrawn { $0.shaded(by: shade) }
        },
        PageCondition("blur", "out of focus") { page, _ in
            page.redrawn { $0.blurred(max(Double(page.width) * 0.0018, 0.6)) }
        },
        PageCondition("photograph", "tilted, curled, on a desk, in uneven light, with noise") { page, random in
            let tilt = SIMD2(random.symmetric(0.12), random.symmetric(0.12)) / Double(page.width)
            let picture = page.viewed(
                angle: random.symmetric(4), scale: 0.85, tilt: tilt, curl: Double(page.width) * 0.006,
                phase: random.uniform(0, 2 * .pi), desk: 0.65)
            let shape: Shape = [picture.height, picture.width, 1]
            let shade = Shade.gradient(depth: 0.4, of: shape, using: &random)
            let noise = Tensor<Float>.normal(shape, standardDeviation: 0.02, using: &random)
            return picture.redrawn {
                ($0.shaded(by: shade).blurred(0.8) + noise).clipped(to: 0...1)
                    .compressed(BlockCompression(quality: 60), down: 0, right: 0)
            }
        },
        PageCondition("noise", "nothing but noise") { page, random in
            let noise = Tensor<Float>.normal(
                [page.height, page.width, 1], mean: 0.4, standardDeviation: 0.15, using: &random)
            return page.redrawn { _ in noise.clipped(to: 0...1) }
        },
        PageCondition("blank", "nothing but paper") { page, _ in
            Image(width: page.width, height: page.height, filledWith: 235)
        },
    ]
}

/// The printed lines of paper.
private struct PaperRules {
    let pitch: Double
    let isSquared: Bool
    static let darkness: Float = 0.35

    func darkness(at point: SIMD2<Double>) -> Float {
        func cover(_ x: Double) -> Float {
            let phase = x / pitch
            return Float(min(max(1.25 - abs(phase - phase.rounded()) * pitch, 0), 1))
        }
        return Self.darkness * max(cover(point.y), isSquared ? cover(point.x) : 0)
    }
}

extension Image {
    /// The gray image with its darkness, `[height, width, 1]` from 0 (white) to 1, changed by a function.
    fileprivate func redrawn(_ change: (Tensor<Float>) -> Tensor<Float>) -> Image {
        let darkness = Tensor(grayscale().pixels.map { 1 - Float($0) / 255 }, shape: [height, width, 1])
        let pixels = change(darkness).clipped(to: 0...1).scalars.map { UInt8((255 * (1 - $0)).rounded()) }
        return Image(width: width, height: height, channels: 1, pixels: pixels)
    }

    /// The gray page as a camera sees it: all of it, on a desk.
    fileprivate func viewed(
        angle: Double = 0, scale: Double = 1, tilt: SIMD2<Double> = .zero, curl: Double = 0, phase: Double = 0,
        desk: Float? = nil, rules: PaperRules? = nil
    ) -> Image {
        let gray = grayscale()
        let (width, height) = (Double(width), Double(height))
        let radians = angle * .pi / 180
        // As large as the turned page.
        let (c, s) = (abs(cosine(radians)), abs(sine(radians)))
        let size = (width: Int(width * c + height * s), height: Int(width * s + height * c))
        let warp = PageWarp(
            center: SIMD2(width, height) / 2, view: SIMD2(Double(size.width), Double(size.height)) / 2, scale: scale,
            angle: radians, tilt: tilt, curl: curl, wavelength: width, phase: phase)
        let around = desk.map { UInt8(255 * (1 - $0)) } ?? gray.background
        var picture = Image(width: size.width, height: size.height, filledWith: around)
        for y in 0..<size.height {
            for x in 0..<size.width {
                let place = warp.inverse(SIMD2(Double(x) + 0.5, Double(y) + 0.5))
                guard place.x >= 0, place.x < width, place.y >= 0, place.y < height else { continue }
                var light = Float(gray.interpolated(at: place - 0.5))
                if let rules { light *= 1 - rules.darkness(at: place) }
                picture[x, y] = UInt8(min(max(light, 0), 255))
            }
        }
        return picture
    }
}
