import DuctusModels
import DuctusTestSupport
import Foundation
import Testing

@Suite struct BoxTests {
    let box = Box(x: 0, y: 0, width: 10, height: 10)

    @Test func intersectionOverUnionIsExact() {
        #expect(box.intersectionOverUnion(box) == 1)
        #expect(box.intersectionOverUnion(Box(x: 5, y: 0, width: 10, height: 10)) == 50.0 / 150)
        #expect(box.intersectionOverUnion(Box(x: 10, y: 0, width: 10, height: 10)) == 0)
        #expect(box.intersectionOverUnion(Box(x: 2, y: 2, width: 5, height: 4)) == 0.2)
    }

    @Test func emptyBoxesOverlapNothing() {
        let empty = Box(x: 3, y: 3, width: 0, height: 5)
        #expect(empty.intersectionOverUnion(empty) == 0)
        #expect(empty.intersectionOverUnion(box) == 0)
    }

    @Test func isAnArrayOfFourNumbersInJSON() throws {
        let box = Box(x: -1, y: 2, width: 3, height: 4)
        let data = try JSONEncoder().encode(box)
        #expect(String(decoding: data, as: UTF8.self) == "[-1,2,3,4]")
        #expect(try JSONDecoder().decode(Box.self, from: data) == box)
    }

    @Test(arguments: ["[1,2,3]", "[1,2,3,4,5]", "[1,2,-3,4]", "[1,2,3,9223372036854775807]", "{}"])
    func refusesOtherArrays(json: String) {
        #expect(throws: DecodingError.self) { try JSONDecoder().decode(Box.self, from: Data(json.utf8)) }
    }
}

@Suite struct DetectionMetricsTests {
    @Test func pixelAccuracyIsAMeanOverPages() {
        var accuracy = PixelAccuracy()
        accuracy.add([0, 1, 2, 2], reference: [0, 1, 1, 2])
        accuracy.add([0, 0], reference: [0, 0])
        #expect(accuracy.pages == 2)
        #expect(accuracy.value == 0.875)
        #expect(accuracy.allBackground == 0.625)
    }

    @Test func boxesAreMatchedOneToOneBestFirst() {
        let line = Box(x: 0, y: 0, width: 100, height: 10)
        let near = Box(x: 0, y: 1, width: 100, height: 10)
        let far = Box(x: 0, y: 3, width: 100, height: 10)
        let pairs = BoxMatching().pairs(of: [far, near], with: [line])
        #expect(pairs.map(\.box) == [1])
        #expect(pairs.map(\.reference) == [0])
        // `far` overlaps both, but its better partner leaves `near` with the line.
        #expect(BoxMatching().pairs(of: [near, far], with: [line, far]).count == 2)
    }

    @Test func theThresholdItselfMatches() {
        let box = Box(x: 0, y: 0, width: 10, height: 10)
        let half = Box(x: 0, y: 0, width: 10, height: 5)
        #expect(BoxMatching().pairs(of: [half], with: [box]).count == 1)
        #expect(BoxMatching(threshold: 0.51).pairs(of: [half], with: [box]).isEmpty)
    }

    @Test func countsAreSummedOverPages() {
        let box = Box(x: 0, y: 0, width: 10, height: 10)
        let elsewhere = Box(x: 50, y: 50, width: 10, height: 10)
        var matching = BoxMatching()
        matching.add([box, box, elsewhere], reference: [box])  // the second copy is a false alarm
        matching.add([], reference: [box, elsewhere])
        #expect(matching.matched == 1)
        #expect(matching.predicted == 3)
        #expect(matching.expected == 3)
        #expect(matching.precision == 1.0 / 3)
        #expect(matching.recall == 1.0 / 3)
        #expect(matching.f1 == 1.0 / 3)
    }

    @Test func ratesAreOneWithoutBoxes() {
        let matching = BoxMatching()
        #expect(matching.precision == 1)
        #expect(matching.recall == 1)
        #expect(matching.f1 == 1)
    }

    @Test func nothingFoundIsNotPrecise() {
        var matching = BoxMatching()
        matching.add([], reference: [Box(x: 0, y: 0, width: 10, height: 10)])
        #expect(matching.precision == 0)
        #expect(matching.recall == 0)
        #expect(matching.f1 == 0)
    }

    @Test func boxesWhereThereAreNoneRecallNothing() {
        var matching = BoxMatching()
        matching.add([Box(x: 0, y: 0, width: 10, height: 10)], reference: [])
        #expect(matching.precision == 0)
        #expect(matching.recall == 0)
    }
}
