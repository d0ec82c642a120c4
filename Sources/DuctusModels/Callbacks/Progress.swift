import Synchronization

#if canImport(Darwin)
    import Darwin
#elseif canImport(Glibc)
    import Glibc
#endif

extension Callback {
    /// Shows progress on standard error: on a terminal a bar with loss, metrics, speed, and
    /// remaining time, elsewhere one line per epoch.
    public static func progress() -> Callback {
        let isTerminal = isatty(2) == 1
        let shown = Timer()
        let started = Timer()
        let doneAtStart = Mutex(0)
        let speed = Mutex<Double?>(nil)
        return Callback(
            atStart: { context in
                started.restart()
                doneAtStart.withLock { $0 = context.state.epoch * context.batchesPerEpoch + context.state.batch }
                report(
                    context.state.epoch + context.state.batch == 0
                        ? "Training for \(context.totalEpochs) epochs of \(context.batchesPerEpoch) batches."
                        : "Resuming at epoch \(context.state.epoch + 1), batch \(context.state.batch + 1).")
                return .continue
            },
            afterBatch: { context in
                let latest = context.step?.samplesPerSecond ?? 0
                let samples = speed.withLock { speed in
                    speed = 0.9 * (speed ?? latest) + 0.1 * latest
                    return speed ?? latest
                }
                guard isTerminal, shown.elapsed > .milliseconds(200) else { return }
                shown.restart()
                let done = context.state.epoch * context.batchesPerEpoch + context.state.batch
                let total = Double(context.totalEpochs) * Double(context.batchesPerEpoch)
                let first = doneAtStart.withLock { $0 }
                let left = started.elapsed / Double(max(done - first, 1)) * min(total - Double(done), 0x1p32)
                let filled = 24 * context.state.batch / max(context.batchesPerEpoch, 1)
                let bar = String(repeating: "█", count: filled) + String(repeating: "░", count: 24 - filled)
                let mean = context.state.lossSum / Double(max(context.state.batch, 1))
                let last = context.state.history.last?.validation.filter { $0.key != "loss" } ?? [:]
                let metrics = last.sorted { $0.key < $1.key }.map { ", \($0.key) \($0.value.short)" }.joined()
                report(
                    "\r\u{1B}[KEpoch \(context.state.epoch + 1)/\(context.totalEpochs) \(bar) loss \(mean.short)\(metrics), "
                        + "\(Int(samples.rounded())) samples/s, \(left.short) left", terminator: "")
            },
            afterEpoch: { context in
                guard let record = context.state.history.last else { return .continue }
                let values = record.validation.sorted { $0.key < $1.key }
                    .map { ", validation \($0.key) \($0.value.short)" }.joined()
                if isTerminal { report("\r\u{1B}[K", terminator: "") }
                report(
                    "Epoch \(record.epoch)/\(context.totalEpochs): loss \(record.loss.short)\(values), "
                        + "\(Duration.seconds(record.seconds).short)")
                return .continue
            })
    }
}

extension Double {
    /// Rounded to four decimal places.
    package var short: String {
        guard isFinite, magnitude < 1e9 else { return "\(self)" }
        let scaled = Int((magnitude * 10_000).rounded())
        let fraction = String(scaled % 10_000)
        let digits = String(repeating: "0", count: 4 - fraction.count) + fraction
        return (self < 0 ? "-" : "") + "\(scaled / 10_000).\(digits)"
    }
}

extension Duration {
    /// `1 h 02 min`, `3 min 20 s` or `12 s`.
    package var short: String {
        let seconds = Int(components.seconds)
        func two(_ value: Int) -> String { value < 10 ? "0\(value)" : "\(value)" }
        if seconds >= 3600 { return "\(seconds / 3600) h \(two(seconds % 3600 / 60)) min" }
        return seconds >= 60 ? "\(seconds / 60) min \(two(seconds % 60)) s" : "\(seconds) s"
    }
}
