/// The resampling weights along one axis of an image: which old pixels each new pixel is made of, and how much of each.
/// The weights of a new pixel add up to one, unless some of the old pixels are hidden.
struct AxisWeights {
    /// The number of new pixels.
    let count: Int
    private let visible: Range<Int>
    private var firsts: [Int] = []
    private var bounds: [Int] = [0]
    private var values: [Float] = []

    /// - Parameter visible: the old pixels that exist, all by default. The others count as zero, so that an image can
    ///   be scaled as part of a larger black one that is never in memory.
    init(from oldCount: Int, to count: Int, method: Image.Resampling, visible: Range<Int>? = nil) {
        self.count = count
        self.visible = visible ?? 0..<oldCount
        for index in 0..<count {
            if method != .bilinear && count < oldCount {
                appendBox(index, oldCount)
            } else if method == .bicubic {
                appendCubic(index, oldCount)
            } else {
                appendLinear(index, oldCount)
            }
            bounds.append(values.count)
        }
    }

    /// The visible old pixels that a new pixel is made of, counted from the first visible one.
    func sources(of index: Int) -> Range<Int> {
        firsts[index]..<firsts[index] + bounds[index + 1] - bounds[index]
    }

    /// The weights of the old pixels in a new pixel.
    func weights(of index: Int) -> ArraySlice<Float> {
        values[bounds[index]..<bounds[index + 1]]
    }

    /// New pixel i covers `[i · old / new, (i + 1) · old / new)`. In units of 1/new of an old pixel all of these are
    /// integers, so nothing is lost to rounding.
    private mutating func appendBox(_ index: Int, _ oldCount: Int) {
        let (start, end) = (index * oldCount, (index + 1) * oldCount)
        append(sources: start / count..<(end - 1) / count + 1) { [count] pixel in
            let covered = min(end, (pixel + 1) * count) - max(start, pixel * count)
            return Double(covered) / Double(oldCount)
        }
    }

    /// The center of new pixel i lies at `(i + ½) · old / new − ½` between the centers of old pixels.
    private mutating func appendLinear(_ index: Int, _ oldCount: Int) {
        let center = (Double(index) + 0.5) * Double(oldCount) / Double(count) - 0.5
        let clamped = min(max(center, 0), Double(oldCount - 1))
        let first = min(Int(clamped), max(0, oldCount - 2))
        let fraction = clamped - Double(first)
        append(sources: first..<min(first + 2, oldCount)) { $0 == first ? 1 - fraction : fraction }
    }

    /// As ``appendLinear(_:_:)``, by a cubic curve through four old pixels; beyond the ends, the last pixel is repeated.
    private mutating func appendCubic(_ index: Int, _ oldCount: Int) {
        let center = (Double(index) + 0.5) * Double(oldCount) / Double(count) - 0.5
        let first = Int(center.rounded(.down)) - 1
        var weights: [Int: Double] = [:]
        for pixel in first..<first + 4 {
            let distance = abs(center - Double(pixel))
            let weight =
                distance < 1
                ? (1.5 * distance - 2.5) * distance * distance + 1
                : ((-0.5 * distance + 2.5) * distance - 4) * distance + 2
            weights[min(max(pixel, 0), oldCount - 1), default: 0] += weight
        }
        let sources = max(first, 0)..<min(first + 4, oldCount)
        append(sources: sources) { weights[$0] ?? 0 }
    }

    private mutating func append(sources: Range<Int>, weight: (Int) -> Double) {
        let sources = sources.clamped(to: visible)
        firsts.append(sources.lowerBound - visible.lowerBound)
        for pixel in sources { values.append(Float(weight(pixel))) }
    }

    /// Reduces one row of old pixels to new ones, rounded to 8 bits.
    func reduce(
        _ row: UnsafeMutableBufferPointer<Float>, channels: Int, into target: UnsafeMutableBufferPointer<UInt8>,
        at offset: Int
    ) {
        values.withUnsafeBufferPointer { values in
            for index in 0..<count {
                let (start, end) = (bounds[index], bounds[index + 1])
                for channel in 0..<channels {
                    var sum: Float = 0
                    var position = firsts[index] * channels + channel
                    for weight in start..<end {
                        sum += values[weight] * row[position]
                        position += channels
                    }
                    target[offset + index * channels + channel] = UInt8(min(max(sum + 0.5, 0), 255))
                }
            }
        }
    }
}
