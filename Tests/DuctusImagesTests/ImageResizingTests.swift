import DuctusImages
import DuctusTestSupport
import Testing

@Suite struct ImageResizingTests {
    static let methods: [Image.Resampling] = [.area, .bilinear, .bicubic, .nearest]

    @Test(arguments: methods, [(1, 1), (1, 7), (13, 2), (64, 31), (31, 64)])
    func aConstantStaysConstant(method: Image.Resampling, size: (width: Int, height: Int)) {
        for (width, height) in [(1, 1), (17, 5), (40, 40)] {
            let image = Image(width: width, height: height, channels: 3, filledWith: 201)
            let resized = image.resized(width: size.width, height: size.height, method: method)
            #expect(resized == Image(width: size.width, height: size.height, channels: 3, filledWith: 201))
        }
    }

    @Test func areaIsTheMeanOfWholePixels() {
        let image = Image(width: 4, height: 2, channels: 1, pixels: [0, 10, 100, 200, 20, 30, 100, 100])
        #expect(image.resized(width: 2, height: 1, method: .area).pixels == [15, 125])
    }

    @Test func areaWeighsFractionsOfPixels() {
        // New pixel 0 covers pixel 0 and half of pixel 1: (30 + 60 / 2) / 1.5 = 40.
        let image = Image(width: 3, height: 1, channels: 1, pixels: [30, 60, 90])
        #expect(image.resized(width: 2, height: 1, method: .area).pixels == [40, 80])
    }

    @Test(arguments: [(1, 1), (3, 2), (10, 7), (36, 22)])
    func areaKeepsTheMean(size: (width: Int, height: Int)) {
        let image = pattern(width: 37, height: 23, channels: 1)
        let resized = image.resized(width: size.width, height: size.height, method: .area)
        #expect(abs(mean(image) - mean(resized)) < 0.5)
    }

    @Test func areaEqualsSummingByHand() {
        let image = pattern(width: 29, height: 17, channels: 3)
        let (width, height) = (7, 5)
        let resized = image.resized(width: width, height: height, method: .area)
        for y in 0..<height {
            for x in 0..<width {
                for channel in 0..<3 {
                    var sum = 0.0
                    for oldY in 0..<17 {
                        for oldX in 0..<29 {
                            let shareX = overlap(x, width, oldX, 29)
                            let shareY = overlap(y, height, oldY, 17)
                            sum += shareX * shareY * Double(image[oldX, oldY, channel])
                        }
                    }
                    #expect(abs(Double(resized[x, y, channel]) - sum) <= 0.51)
                }
            }
        }
    }

    @Test func enlargingInterpolates() {
        let image = Image(width: 2, height: 1, channels: 1, pixels: [0, 100])
        for method in [Image.Resampling.area, .bilinear] {
            #expect(image.resized(width: 4, height: 1, method: method).pixels == [0, 25, 75, 100])
        }
    }

    /// `Image.resize((16, 1), BICUBIC)` of Pillow 13, away from the borders, which it treats in another way.
    @Test func bicubicEnlargesAsPillowDoes() {
        let image = Image(width: 8, height: 1, channels: 1, pixels: [10, 20, 80, 90, 40, 30, 120, 200])
        let enlarged = image.resized(width: 16, height: 1, method: .bicubic).pixels
        #expect(enlarged[3..<13] == [33, 67, 87, 93, 81, 51, 32, 25, 46, 96])
    }

    @Test func nearestTakesThePixelUnderTheCenter() {
        let image = Image(width: 5, height: 1, channels: 1, pixels: [0, 1, 2, 3, 4])
        #expect(image.resized(width: 2, height: 1, method: .nearest).pixels == [1, 3])
        #expect(image.resized(width: 10, height: 1, method: .nearest).pixels == [0, 0, 1, 1, 2, 2, 3, 3, 4, 4])
    }

    @Test func theSameSizeIsTheSameImage() {
        let image = pattern(width: 6, height: 4, channels: 3)
        for method in Self.methods { #expect(image.resized(width: 6, height: 4, method: method) == image) }
    }

    private func pattern(width: Int, height: Int, channels: Int) -> Image {
        let pixels = (0..<width * height * channels).map { UInt8($0 * $0 * 31 % 251) }
        return Image(width: width, height: height, channels: channels, pixels: pixels)
    }

    private func mean(_ image: Image) -> Double {
        image.pixels.reduce(0) { $0 + Double($1) } / Double(image.pixels.count)
    }

    /// The share of an old pixel in a new one.
    private func overlap(_ index: Int, _ count: Int, _ old: Int, _ oldCount: Int) -> Double {
        let scale = Double(oldCount) / Double(count)
        let covered = min(Double(index + 1) * scale, Double(old + 1)) - max(Double(index) * scale, Double(old))
        return max(0, covered) / scale
    }
}
