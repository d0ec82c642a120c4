import Synchronization

/// Observes operations and measures them.
final class ProfileObserver: LayerObserver {
    fileprivate struct State {
        var calls: [Profile.Call] = []
        /// When the last operation ended, or the last layer began or ended.
        var mark = ContinuousClock.now
        /// The parameters that have been read since, and the multiply-adds.
        var parameters: [Parameter] = []
        var multiplyAdds = 0
    }

    /// The path of the layer that this task is calling.
    @TaskLocal fileprivate static var path = ""

    fileprivate let state = Mutex(State())
    private let start = ContinuousClock.now

    func finish() -> Profile {
        let seconds = (ContinuousClock.now - start).seconds
        return Profile(seconds: seconds, calls: state.withLock { $0.calls })
    }

    var needsEveryLayer: Bool { false }

    // MARK: Layers

    func calling(_ layer: any Placed, _ body: () -> Tensor<Float>) -> Tensor<Float> {
        // A layer that was made during the call has no path.
        let path = layer.place.path
        return calling(path.isEmpty ? Self.path : path, body)
    }

    func calling(_ layer: any Module, _ name: String, _ body: () -> Tensor<Float>) -> Tensor<Float> {
        calling(Self.path.isEmpty ? name : "\(Self.path).\(name)", body)
    }

    private func calling(_ path: String, _ body: () -> Tensor<Float>) -> Tensor<Float> {
        state.withLock { $0.restart() }
        defer { state.withLock { $0.restart() } }
        return Self.$path.withValue(path, operation: body)
    }

    // MARK: Operations

    func didRead(_ parameter: AnyObject) {
        guard Observation.currentOperation == nil, let parameter = parameter as? Parameter else { return }
        state.withLock { $0.parameters.append(parameter) }
    }

    func didMultiply(_ count: Int) {
        if let operation = Observation.currentOperation {
            (operation as? OperationProfile)?.didMultiply(count)
        } else {
            state.withLock { $0.multiplyAdds += count }
        }
    }

    func willCompute(
        _ operation: String, _ attributes: [Operation.Attribute], isDone: Bool
    ) -> (any OperationObserver)? {
        let (mark, read, multiplyAdds) = state.withLock { ($0.mark, $0.parameters, $0.multiplyAdds) }
        let parameters = read.map(\.name).filter { !$0.isEmpty }
        var call = Profile.Call(
            path: path(reading: parameters), operation: String(operation.prefix { $0 != "(" }),
            attributes: Dictionary(attributes.map { ($0.name, $0.value) }) { $1 }, parameters: parameters)
        call.cost.multiplyAdds = multiplyAdds
        return OperationProfile(call, since: isDone ? mark : .now, of: self)
    }

    /// The path of the current layer, or of one inside that does not know its place but reads its parameters.
    private func path(reading parameters: [String]) -> String {
        let owners = Set(parameters.map { $0.split(separator: ".").dropLast().joined(separator: ".") })
        let inside = Self.path.isEmpty ? "" : Self.path + "."
        guard let owner = owners.first, owners.count == 1, owner.hasPrefix(inside) else { return Self.path }
        return owner
    }
}

extension ProfileObserver.State {
    /// What happened so far belongs to no operation to come.
    fileprivate mutating func restart() { (mark, parameters, multiplyAdds) = (.now, [], 0) }
}

/// One operation of a profile.
private final class OperationProfile: OperationObserver {
    private struct Progress {
        var call: Profile.Call
        /// The place among the calls of the profile, when the operation has computed its output.
        var index: Int?
    }

    private let observer: ProfileObserver
    private let start: ContinuousClock.Instant
    private let progress: Mutex<Progress>

    init(_ call: Profile.Call, since start: ContinuousClock.Instant, of observer: ProfileObserver) {
        (self.start, self.observer) = (start, observer)
        progress = Mutex(Progress(call: call))
    }

    /// Counts those of the forward pass.
    func didMultiply(_ count: Int) {
        progress.withLock { if $0.index == nil { $0.call.cost.multiplyAdds += count } }
    }

    func didCompute(_ operation: Operation) {
        progress.withLock { progress in
            progress.call.inputs = operation.inputs
            progress.call.output = operation.output
            progress.call.cost.forwardBytes = operation.bytes
            progress.call.cost.forwardSeconds = (ContinuousClock.now - start).seconds
            progress.index = observer.state.withLock { state in
                state.calls.append(progress.call)
                state.restart()
                return state.calls.count - 1
            }
        }
    }

    func propagating<Gradients>(_ backward: () -> (Gradients, bytes: Int)) -> Gradients {
        let start = ContinuousClock.now
        let (gradients, bytes) = backward()
        let seconds = (ContinuousClock.now - start).seconds
        if let index = progress.withLock({ $0.index }) {
            observer.state.withLock { state in
                state.calls[index].cost.backwardSeconds += seconds
                state.calls[index].cost.backwardBytes += bytes
                state.restart()
            }
        }
        return gradients
    }
}

extension Duration {
    /// This duration as a number of seconds.
    fileprivate var seconds: Double { Double(components.seconds) + Double(components.attoseconds) * 1e-18 }
}
