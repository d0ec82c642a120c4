import DuctusData
import DuctusTestSupport
import Testing

@Suite struct PageViewsTests {
    /// A page with three lines of strokes that stand on known baselines.
    static let page: InkPage = {
        var image = Image(width: 300, height: 200, filledWith: 255)
        for line in 0..<3 {
            for letter in 0..<24 {
                let x = 20 + 11 * letter
                let top = 40 + 50 * line - (letter.isMultiple(of: 5) ? 20 : 10)
                let bottom = 40 + 50 * line + (letter % 7 == 3 ? 8 : 0)
                for y in top..<bottom { for column in x..<x + 5 { image[column, y] = 0 } }
            }
        }
        let boxes = (0..<3).map { Box(x: 18, y: 18 + 50 * $0, width: 262, height: 32) }
        return InkPage(image, lines: boxes.map { Page.Line(text: "", box: $0) })
    }()
    let views = PageViews([[page]], side: 128, input: BaselineInput(), seed: 3)

    @Test(arguments: 0..<3) func baselinesAreEstimatedFromInk(line: Int) throws {
        let geometry = Self.page.lines[line]
        for (point, _) in geometry.points(every: 10) { #expect(abs(point.y - Double(40 + 50 * line)) < 1.5) }
        #expect(abs(geometry.ascent - 20) < 2.5)
        #expect(abs(geometry.descent - 8) < 2.5)
    }

    @Test func aViewDependsOnItsNumberAndTheEpochOnly() {
        let again = PageViews([[Self.page]], side: 128, input: BaselineInput(), seed: 3)
        #expect(again.view(5, epoch: 2).image == views.view(5, epoch: 2).image)
        #expect(again.view(5, epoch: 2).lines == views.view(5, epoch: 2).lines)
        #expect(views.view(6, epoch: 2).image != views.view(5, epoch: 2).image)
        #expect(views.view(5, epoch: 3).image != views.view(5, epoch: 2).image)
    }

    @Test func examplesAreMapsOfTheirViews() throws {
        for index in 0..<8 {
            let example = views.example(index, epoch: 0)
            #expect(example.input.shape == [128, 128, 1])
            #expect(example.input.scalars.allSatisfy { (0...1).contains($0) })
            #expect(example.labels.shape == [128, 128])
        }
    }

    @Test func targetsArePackedIntoLabels() {
        let target = BaselineTarget(.baseline, ascent: 21.3125, descent: 7.5)
        #expect(BaselineTarget(label: target.label) == target)
        #expect(BaselineTarget(label: 0) == BaselineTarget(.background))
        #expect(BaselineTarget(label: BaselineTarget(.end, ascent: 300).label).ascent == 4095.0 / 16)
    }

    @Test func labelsFollowBaselinesAndMarkTheirEnds() {
        let line = LineGeometry(baseline: [SIMD2(10, 20), SIMD2(50, 24)], ascent: 10, descent: 4)
        let labels = BaselineTarget.labels(of: [line], height: 40, width: 60).map { BaselineTarget(label: $0) }
        #expect(labels[22 * 60 + 30] == BaselineTarget(.baseline, ascent: 10, descent: 4))
        #expect(labels[30 * 60 + 30].kind == .background)
        #expect(labels[17 * 60 + 9].kind == .end)
        #expect(labels[24 * 60 + 51].kind == .end)
    }
}

@Suite struct PageWarpTests {
    @Test func theInverseIsExact() {
        let warp = PageWarp(
            center: SIMD2(100, 80), view: SIMD2(60, 60), scale: 0.7, angle: 0.2, tilt: SIMD2(0.001, -0.0005), curl: 5,
            wavelength: 90, phase: 1)
        for point in [SIMD2(0.0, 0.0), SIMD2(100, 80), SIMD2(190, 20)] {
            #expect((warp.inverse(warp(point)) - point).length < 1e-9)
        }
        #expect(PageWarp(center: SIMD2(1, 2), view: SIMD2(3, 5))(SIMD2(2, 2)) == SIMD2(4, 5))
    }
}

@Suite struct PageConditionTests {
    let page = Image(width: 100, height: 60, channels: 1, pixels: (0..<6000).map { UInt8($0 * 7 % 256) })

    @Test func namesAreUnique() { #expect(Set(PageCondition.all.map(\.name)).count == PageCondition.all.count) }

    @Test(arguments: PageCondition.all.map(\.name)) func theSameSeedGivesTheSamePicture(name: String) throws {
        let condition = try #require(PageCondition.named(name))
        var (first, second) = (RandomStream(seed: 4), RandomStream(seed: 4))
        #expect(condition.apply(page, using: &first) == condition.apply(page, using: &second))
    }

    @Test func onlyCleanPicturesStayAsTheyAre() {
        for condition in PageCondition.all {
            var random = RandomStream(seed: 2)
            #expect((condition.apply(page, using: &random) == page) == (condition.name == "clean"), "\(condition.name)")
        }
    }
}
