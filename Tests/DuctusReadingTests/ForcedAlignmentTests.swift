import DuctusHandwriting
import DuctusTestSupport
import Testing

@Suite struct ForcedAlignmentTests {
    /// The most likely path of every text, and its probability.
    private static func paths(_ logits: Tensor<Float>, blank: Int) -> [[Int32]: (path: [Int], probability: Double)] {
        let (frames, classes) = (logits.shape[0], logits.shape[1])
        let probabilities = Tensor<Double>(logits).softmax().scalars
        var result: [[Int32]: (path: [Int], probability: Double)] = [:]
        for path in indices(of: Shape([Int](repeating: classes, count: frames))) {
            let share = path.enumerated().reduce(1) { $0 * probabilities[$1.offset * classes + $1.element] }
            var (text, previous) = ([Int32](), blank)
            for label in path {
                if label != blank && label != previous { text.append(Int32(label)) }
                previous = label
            }
            if share > result[text]?.probability ?? -1 { result[text] = (Array(path), share) }
        }
        return result
    }

    /// The runs of equal classes on a path.
    private static func runs(_ path: [Int], blank: Int) -> [(label: Int32, frames: Range<Int>)] {
        var (runs, start) = ([(label: Int32, frames: Range<Int>)](), 0)
        for frame in path.indices where frame + 1 == path.count || path[frame + 1] != path[frame] {
            if path[frame] != blank { runs.append((Int32(path[frame]), start..<(frame + 1))) }
            start = frame + 1
        }
        return runs
    }

    /// Every text has the frames of its most likely path.
    @Test(arguments: [(1, 2), (4, 2), (6, 2), (2, 3), (5, 3), (6, 3), (4, 4)], 0..<4)
    func agreesWithAllPaths(size: (frames: Int, classes: Int), seed: UInt64) {
        let logits = Tensor<Float>.sample([size.frames, size.classes], seed: seed, scale: 1.5)
        let probabilities = Tensor<Double>(logits).softmax().scalars
        let blank = Int(seed) % size.classes
        let alignment = ForcedAlignment(classes: size.classes, blank: blank)
        for (labels, best) in Self.paths(logits, blank: blank) {
            let runs = Self.runs(best.path, blank: blank)
            let characters = alignment.characters(of: labels, in: logits.scalars) ?? []
            #expect(characters.map(\.label) == labels)
            #expect(characters.map(\.frames) == runs.map(\.frames))
            for (character, run) in zip(characters, runs) {
                let largest = run.frames.map { probabilities[$0 * size.classes + Int(run.label)] }.max() ?? 0
                #expect(abs(character.probability - largest) < 1e-9)
            }
        }
    }

    @Test(arguments: 0..<8) func theBestPathIsAlignedWithItself(seed: UInt64) {
        let logits = Tensor<Float>.sample([40, 5], seed: seed, scale: 3).scalars
        let reading = BestPathDecoder(classes: 5, blank: 2).decode(logits)
        let aligned = ForcedAlignment(classes: 5, blank: 2).characters(of: reading.labels, in: logits)
        #expect(aligned == reading.characters)
    }

    @Test func textsThatAreTooLongHaveNoAlignment() {
        let alignment = ForcedAlignment(classes: 3, blank: 0)
        let logits = [Float](repeating: 0, count: 9)
        #expect(alignment.characters(of: [1, 2, 1], in: logits)?.map(\.frames) == [0..<1, 1..<2, 2..<3])
        #expect(alignment.characters(of: [1, 1, 2], in: logits) == nil)
        #expect(alignment.characters(of: [], in: []) == [])
        #expect(alignment.characters(of: [1], in: []) == nil)
    }

    @Test(
        arguments: [
            [-.infinity, .infinity, 0], [.nan, 1, .nan], [.infinity, .infinity, .infinity],
            [-.infinity, -.infinity, -.infinity], [.nan, .nan, .nan],
        ] as [[Float]])
    func extremeScoresHaveAnAlignment(logits: [Float]) {
        let characters = ForcedAlignment(classes: 3, blank: 0).characters(of: [1, 2], in: logits + logits + logits)
        #expect(characters?.count == 2)
        for character in characters ?? [] { #expect(0...1 ~= character.probability) }
    }
}
