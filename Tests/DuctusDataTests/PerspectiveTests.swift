import DuctusData
import DuctusTestSupport
import Testing

/// The newer parts of the geometric map: perspective, vertical shear and the part that is seen.
@Suite struct PerspectiveTests {
    private let height = 41, width = 121

    /// Where pixels come from, in pixels from the middle: bilinear interpolation of a ramp is exact inside.
    private func source(_ change: (inout Warp) -> Void) -> (x: [[Double]], y: [[Double]]) {
        var warp = Warp(height: height, width: width)
        change(&warp)
        func places(_ value: (Int, Int) -> Double) -> [[Double]] {
            let ramp = Tensor<Float>(
                (0..<height * width).map { Float(value($0 / width, $0 % width)) }, shape: [height, width, 1])
            let moved = warp.image(ramp, ink: 1)
            return (0..<height).map { y in (0..<width).map { Double(moved[y, $0, 0]) } }
        }
        let (right, down) = (Double(width - 1), Double(height - 1))
        return (
            places { Double($1) / right }.map { $0.map { $0 * right - right / 2 } },
            places { y, _ in Double(y) / down }.map { $0.map { $0 * down - down / 2 } }
        )
    }

    @Test(arguments: [0.3, -0.5]) func oneEndLooksLarger(change: Double) {
        let (x, y) = source { $0.perspective.x = change }
        // Heights in the picture of five rows of the view, near the ends, whose distance is 120 of 121 columns.
        let (left, right) = (y[22][1] - y[18][1], y[22][119] - y[18][119])
        #expect(abs(logarithm(left / right) - change * 118 / 121) < 0.01)
        // The ends, half a pixel outside, stay; and what is nearer is wider, too.
        let (first, last) = (2.5 * x[20][1] - 1.5 * x[20][2], 2.5 * x[20][119] - 1.5 * x[20][118])
        #expect(abs(first + 60.5) < 0.1)
        #expect(abs(last - 60.5) < 0.1)
        let (leftWidth, rightWidth) = (x[20][3] - x[20][1], x[20][119] - x[20][117])
        #expect(abs(logarithm(leftWidth / rightWidth) - 2 * change * 116 / 121) < 0.03)
    }

    /// What is straight in the view is straight in the picture, and the middle row stays where it is.
    @Test(arguments: [(0.4, 0.0), (0.0, 0.4)]) func straightLinesStayStraight(across: Double, down: Double) {
        let (x, y) = source { $0.perspective = (across, down) }
        // Three points of the diagonal of a square around the middle.
        let points: [SIMD2<Double>] = [-12, 2, 12].map { (step: Int) in
            SIMD2(x[20 + step][60 + step], y[20 + step][60 + step])
        }
        let (short, long) = (points[1] - points[0], points[2] - points[0])
        #expect(abs(short.x * long.y - long.x * short.y) < 0.01)
        if down == 0 { #expect(y[20].dropFirst(2).dropLast(2).allSatisfy { abs($0) < 1e-4 }) }
        if across == 0 { #expect((2..<height - 2).allSatisfy { abs(x[$0][60]) < 1e-4 }) }
    }

    @Test func theBottomMayLookLarger() {
        let (x, _) = source { $0.perspective.y = 0.4 }
        let (top, bottom) = (x[1][70] - x[1][50], x[39][70] - x[39][50])
        #expect(abs(logarithm(top / bottom) - 0.4 * 38 / 41) < 0.01)
    }

    @Test func verticalShearSlidesColumns() {
        let (x, y) = source { $0.slope = 0.1 }
        for column in stride(from: 0, to: width, by: 10) {
            #expect(abs(y[20][column] - 0.1 * Double(column - 60)) < 1e-3)
            #expect(abs(x[20][column] - Double(column - 60)) < 1e-3)
        }
    }

    @Test func aPartIsSeen() {
        let (x, y) = source { ($0.zoom, $0.pan) = ((0.5, 0.25), (7, -3)) }
        for (row, column) in [(0, 0), (20, 60), (40, 120), (13, 77)] {
            #expect(abs(x[row][column] - (0.5 * Double(column - 60) + 7)) < 1e-3)
            #expect(abs(y[row][column] - (0.25 * Double(row - 20) - 3)) < 1e-3)
        }
    }

    /// The width of a line follows its height; that of others stays.
    @Test func croppedLinesKeepTheirProportions() {
        let line = Example(input: .ones([50, 400, 1]), labels: Tensor([1], shape: [1]))
        var widths: Set<Int> = []
        for seed in 0..<60 {
            widths.insert(Distortions.distorted(line, Augmentation(jitter: 0.1), seed: seed).input.shape[1])
        }
        // (400 ± 10) · 50 / (50 ± 10).
        #expect(widths.allSatisfy { 325...513 ~= $0 })
        #expect((widths.min() ?? 0) < 370)
        #expect((widths.max() ?? 0) > 430)
        let narrow = Example(input: .ones([50, 3, 1]), labels: Tensor([1], shape: [1]))
        for seed in 0..<20 {
            #expect(Distortions.distorted(narrow, Augmentation(jitter: 0.4), seed: seed).input.shape[1] >= 1)
        }
    }
}
