import DuctusData
import DuctusSynthesis
import Testing

@Suite struct HandTests {
    private func line(
        _ text: String = "the ox and the pen", seed: UInt64 = 1, _ change: (inout Hand) -> Void = { _ in }
    ) throws -> Image {
        var hand = Hand(try TestFont.tally())
        hand.irregularity = 0
        change(&hand)
        var random = RandomStream(seed: seed)
        return try hand.line(text, using: &random)
    }

    @Test func linesAreDarkInkOnLightPaper() throws {
        let image = try line()
        #expect(image.height == 64)
        #expect(image.channels == 1)
        #expect(image.width > 4 * 64)
        #expect(image.pixels.min() == 0)
        #expect(image.pixels.max() == 255)
        #expect((0.03...0.3).contains(image.inkShare))
    }

    @Test func everyPropertyChangesTheImage() throws {
        let widths = try [0.7, 1, 1.4].map { width in try line { $0.width = width }.width }
        #expect(widths == widths.sorted())
        #expect(Double(widths[2]) / Double(widths[0]) > 1.8)
        let shares = try [0.1, 0.16, 0.24].map { stroke in try line { $0.strokeWidth = stroke }.inkShare }
        #expect(shares[0] < 0.8 * shares[1], "\(shares)")
        #expect(shares[1] < 0.8 * shares[2], "\(shares)")
        #expect(try line { $0.letterSpacing = 0.3 }.width > line().width + 30)
        #expect(try line { $0.wordSpacing = 2 }.width > line().width + 30)
        for change: @Sendable (inout Hand) -> Void in [
            { $0.slant = 0.4 }, { $0.ascent = 1.3 }, { $0.descent = 1.3 }, { $0.pressure = 0.4 }, { $0.nib = 0.5 },
            { $0.irregularity = 1 }, { $0.material.ink = 60 }, { $0.material.paper = 220 }, { $0.material.grain = 4 },
            { $0.material.blur = 0.5 }, { $0.material.skipping = 0.5 }, { $0.material.threshold = 0.4 },
        ] { #expect(try line("the pig", change) != line("the pig")) }
    }

    @Test func slantMovesTopsToTheRight() throws {
        // How far the stem of the l moves to the right over 24 rows.
        func lean(_ slant: Double) throws -> Double {
            let image = try line("l") { $0.slant = slant }
            func stem(_ row: Int) -> Double { Double((0..<image.width).first { image[$0, row] < 128 } ?? 0) }
            return stem(22) - stem(46)
        }
        for slant in [-0.4, 0, 0.3, 0.5] { #expect(try abs(lean(slant) - 24 * slant) < 1.5) }
    }

    @Test func allInkLiesInsideTheFrame() throws {
        var random = RandomStream(seed: 2)
        for font in [try TestFont.tally(), try TestFont.joined()] {
            for text in ["the pen", "gypsy", "...", "A", "i, j; (x)"] {
                let hand = Hand(font, using: &random)
                let letters = try hand.letters(text, using: &random)
                let bounds = try #require(letters.bounds)
                let motion = Motion(hand, from: bounds.lower - 1, to: bounds.upper + 1, using: &random)
                let ink = motion.write(letters, finest: 0.05)
                let frame = Frame(around: ink, height: 64, using: &random)
                let written = try #require(ink.bounds)
                let right = frame.corner.x + Float(frame.width) / frame.scale
                #expect(frame.corner.x < written.lower.x)
                #expect(written.upper.x < right)
                #expect(frame.bottom < written.lower.y)
                #expect(written.upper.y < frame.corner.y)
                #expect(abs((frame.corner.y - frame.bottom) * frame.scale - 64) < 1e-3)
                let covered = ink.coverage(height: 64, width: frame.width, corner: frame.corner, scale: frame.scale)
                let corner = frame.corner + Point(-2, 2)
                let wide = ink.coverage(
                    height: 64 + Int(4 * frame.scale), width: frame.width + Int(4 * frame.scale), corner: corner,
                    scale: frame.scale)
                #expect(abs(covered.sum().item() - wide.sum().item()) < 0.02 * wide.sum().item())
            }
        }
    }

    @Test func lettersRestOnTheBaseline() throws {
        var random = RandomStream(seed: 4)
        var hand = Hand(try TestFont.tally())
        hand.irregularity = 0
        let level = try hand.letters("the ox", using: &random)
        #expect(level.joined().allSatisfy { (-1e-5...1.4001).contains($0.y) })
        // Irregular letters leave the baseline, but only a little.
        hand.irregularity = 1
        let restless = try #require(try hand.letters(TestFont.text, using: &random).bounds)
        #expect((-1.2 ... -0.4).contains(restless.lower.y))
        #expect((1.4...2).contains(restless.upper.y))
    }

    @Test func kerningMovesLettersTogether() throws {
        var hand = Hand(try TestFont.tally())
        hand.irregularity = 0
        var random = RandomStream(seed: 4)
        let kerned = try #require(try hand.letters("AV", using: &random).bounds).upper.x
        let plain = try #require(try hand.letters("VA", using: &random).bounds).upper.x
        #expect(abs(plain - kerned - 0.2) < 1e-5)
    }

    @Test func connectedLettersStayTogether() throws {
        var hand = Hand(try TestFont.joined())
        (hand.irregularity, hand.letterSpacing) = (1.5, 0.5)
        var random = RandomStream(seed: 4)
        let letters = try hand.letters("oooo", using: &random)
        for (left, right) in zip(letters.indices, letters.indices.dropFirst(2)).filter({ $0.0.isMultiple(of: 2) }) {
            let (before, after) = ([letters[left]].bounds, [letters[right]].bounds)
            #expect(abs((before?.upper.x ?? 0) - (after?.lower.x ?? 9)) < 0.05)
        }
    }

    @Test func equalSeedsGiveEqualLines() throws {
        let irregularity: (inout Hand) -> Void = { $0.irregularity = 1 }
        #expect(try line(seed: 1, irregularity) == line(seed: 1, irregularity))
        #expect(try line(seed: 1, irregularity) != line(seed: 2, irregularity))
        var random = RandomStream(seed: 1)
        let font = try TestFont.tally()
        #expect(Hand(font, using: &random).slant != Hand(font, using: &random).slant)
    }

    @Test func textsWithoutLettersAreBlank() throws {
        for text in ["", "  ", "\t"] {
            let image = try line(text)
            #expect(image.height == 64)
            #expect(image.width > 0)
            #expect(image.pixels.allSatisfy { $0 == 255 })
        }
    }

    @Test func missingCharactersAreReported() {
        #expect(throws: SynthesisError.missingCharacters(font: "tally.ttf", characters: ["Q", "*"])) {
            try line("Quo vadis *")
        }
    }

    @Test func neighboringLinesShowAtTheEdges() throws {
        var hand = Hand(try TestFont.tally())
        hand.irregularity = 0
        func ink(_ image: Image, _ rows: Range<Int>) -> Double {
            image.cropped(x: 0, y: rows.lowerBound, width: image.width, height: rows.count).inkShare
        }
        var (edges, middle) = (0.0, 0.0)
        for seed in 0..<10 {
            var (alone, between) = (RandomStream(seed: UInt64(seed)), RandomStream(seed: UInt64(seed)))
            let single = try hand.line("lg lg lg lg", using: &alone)
            let crowded = try hand.line("lg lg lg lg", above: "gg pp gg", below: "ll hh ll", using: &between)
            edges += (ink(crowded, 0..<4) + ink(crowded, 60..<64) - ink(single, 0..<4) - ink(single, 60..<64)) / 10
            middle += (ink(crowded, 26..<38) - ink(single, 26..<38)) / 10
        }
        #expect(edges > 0.05, "\(edges) at the edges, \(middle) in the middle")
        #expect(abs(middle) < 0.03, "\(edges) at the edges, \(middle) in the middle")
    }
}
