import DuctusImages
import DuctusTestSupport
import Testing

/// Blurred strokes, and their sharpness given back.
@Suite struct SharpnessTests {
    /// Bars across a page, blurred by a Gaussian.
    private func bars(blur: Double, width: Int = 120, height: Int = 60) -> Image {
        let row = (0..<width).map { column -> UInt8 in
            let x = Double(column) + 0.5
            let darkness = stride(from: 15.0, to: Double(width) - 10, by: 15).reduce(0) { sum, bar in
                sum + Self.step((x - bar) / blur) - Self.step((x - bar - 6) / blur)
            }
            return UInt8((255 - 200 * min(max(darkness, 0), 1)).rounded())
        }
        let pixels = (0..<height).flatMap { _ in row }
        return Image(width: width, height: height, channels: 1, pixels: pixels)
    }

    /// The integral of the Gaussian, by a sum.
    private static func step(_ x: Double) -> Double {
        guard abs(x) < 8 else { return x > 0 ? 1 : 0 }
        return stride(from: -8.0, to: x, by: 0.005).reduce(0) { $0 + exponential(-$1 * $1 / 2) } * 0.005 / 2.5066282746
    }

    @Test(arguments: [0.8, 1.2, 1.6]) func blurIsMeasured(blur: Double) throws {
        let measured = try #require(bars(blur: blur).edgeBlur)
        #expect(abs(measured - blur) < 0.1 * blur)
    }

    @Test(arguments: [1.2, 1.6]) func blurIsUndone(blur: Double) throws {
        let (sharp, blurred) = (bars(blur: 0.5), bars(blur: blur))
        func error(_ image: Image) -> Double {
            zip(image.pixels, sharp.pixels).reduce(0) { $0 + abs(Double($1.0) - Double($1.1)) }
        }
        let undone = blurred.sharpened()
        #expect(error(undone) < 0.75 * error(blurred))
        #expect(try #require(undone.edgeBlur) < 0.85 * blur)
    }

    @Test func sharpImagesStayAsTheyAre() {
        let sharp = bars(blur: 0.7)
        #expect(sharp.sharpened() == sharp)
        let blank = Image(width: 40, height: 30, filledWith: 200)
        #expect(blank.sharpened() == blank)
        #expect(blank.edgeBlur == nil)
        let tiny = Image(width: 3, height: 2, filledWith: 200)
        #expect(tiny.sharpened() == tiny)
    }

    /// No iteration changes anything, and neither do any on an even image.
    @Test func deblurringKeepsEvenImages() {
        let blurred = bars(blur: 1.2)
        #expect(blurred.deblurred(standardDeviation: 1, iterations: 0) == blurred)
        let even = Image(width: 30, height: 20, filledWith: 77)
        #expect(even.deblurred(standardDeviation: 2, iterations: 5) == even)
    }
}
