/// What a rank tells the others about its part of a training step before gradients are added up.
struct StepReport: Equatable {
    /// Why training cannot continue.
    var problem: String?
    /// Whether training is to be interrupted after this step.
    var isInterrupted = false
    /// The losses of the shards of the rank that have samples.
    var losses: [Double] = []
    /// Of every parameter, whether there is a gradient or a new value.
    var isPresent: [Bool]

    init(parameters: Int) { isPresent = Array(repeating: false, count: parameters) }

    /// The report of these bytes, about the given number of parameters.
    init(decoding bytes: [UInt8], parameters: Int) {
        self.init(parameters: parameters)
        guard bytes.first != 2 else {
            problem = String(decoding: bytes.dropFirst(), as: UTF8.self)
            return
        }
        isInterrupted = bytes.first == 1
        isPresent = bytes[1..<1 + parameters].map { $0 == 1 }
        losses = Array(bytes[(1 + parameters)...]).numbers
    }

    var encoded: [UInt8] {
        if let problem { return [2] + Array(problem.utf8) }
        return [isInterrupted ? 1 : 0] + isPresent.map { $0 ? 1 : 0 } + [UInt8](numbers: losses)
    }
}
