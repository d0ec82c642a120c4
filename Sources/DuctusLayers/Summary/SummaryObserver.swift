import Synchronization

/// Observes a forward pass and records the lines of a summary.
///
/// Layers that know their place report their calls, and operations their multiply-adds. Custom layers, which report
/// nothing, are inferred from the tree of modules and from the parameters that are read.
final class SummaryObserver: LayerObserver {
    fileprivate typealias Line = Summary.Line

    /// A call in progress.
    fileprivate struct Call {
        let path: String
        let line: Int
        /// The line that multiply-adds count toward: that of this call, or of the layer whose parameter was read last.
        var current: Int
    }

    fileprivate struct State {
        var lines: [Line] = []
        var calls: [Call] = []
    }

    private let state = Mutex(State())
    /// Modules with their names, outer ones first. Parts of a layer that are not layers belong to it.
    private let modules: [(path: String, name: String)]
    private let places: [ObjectIdentifier: String]
    /// The path of the owner of every parameter.
    private let owners: [ObjectIdentifier: String]

    init(_ network: some Module) {
        var modules: [(String, String)] = []
        var owners: [ObjectIdentifier: String] = [:]
        var enclosing: [(path: String, ownsParts: Bool)] = []
        network.walk { path, part in
            while let last = enclosing.last, !path.isInside(last.path) { enclosing.removeLast() }
            if let parameter = part as? Parameter, owners[ObjectIdentifier(parameter)] == nil {
                owners[ObjectIdentifier(parameter)] = enclosing.last?.path ?? ""
            } else if let module = part as? any Module {
                let isPart = enclosing.last?.ownsParts == true && !(module is any Layer) && !(module is any Placed)
                guard !isPart else { return }
                modules.append((path, name(of: module)))
                enclosing.append((path, module is any Placed))
            }
        }
        (self.modules, self.owners) = (modules, owners)
        places = Dictionary(uniqueKeysWithValues: network.places.map { (ObjectIdentifier($0.place), $0.path) })
    }

    // MARK: Events

    var needsEveryLayer: Bool { true }

    func willCompute(_: String, _: [Operation.Attribute], isDone: Bool) -> (any OperationObserver)? { nil }

    func calling(_ layer: any Placed, _ body: () -> Tensor<Float>) -> Tensor<Float> {
        // A layer made during the pass has no path in the network.
        listing(layer, at: places[ObjectIdentifier(layer.place)] ?? inside("–"), body)
    }

    func calling(_ layer: any Module, _ name: String, _ body: () -> Tensor<Float>) -> Tensor<Float> {
        listing(layer, at: inside(name), body)
    }

    /// The path of something inside the innermost call.
    private func inside(_ name: String) -> String {
        let path = state.withLock { $0.calls.last?.path ?? "" }
        return path.isEmpty ? name : "\(path).\(name)"
    }

    func listing(_ module: any Module, at path: String, _ body: () -> Tensor<Float>) -> Tensor<Float> {
        let isNew = state.withLock { state in
            // Its caller has already listed this call.
            guard state.calls.last?.path != path else { return false }
            if let caller = state.calls.last { state.calls[state.calls.count - 1].current = caller.line }
            state.calls.append(Call(path: path, line: state.lines.count, current: state.lines.count))
            state.lines.append(Line(path: path, layer: name(of: module), calls: 1))
            return true
        }
        let output = body()
        if isNew { state.withLock { $0.endCall(with: output.shape) } }
        return output
    }

    func didMultiply(_ count: Int) {
        state.withLock { state in
            if let call = state.calls.last { state.lines[call.current].multiplyAdds += count }
        }
    }

    func didRead(_ parameter: AnyObject) {
        guard let owner = owners[ObjectIdentifier(parameter)] else { return }
        state.withLock { state in
            guard let call = state.calls.last else { return }
            var current = call.line
            if owner != call.path {
                current = state.lines.firstIndex { $0.path == owner && $0.output == nil } ?? state.lines.count
                if current == state.lines.count { state.lines.append(line(at: owner, calls: 1)) }
            }
            state.calls[state.calls.count - 1].current = current
        }
    }

    // MARK: Result

    private func line(at path: String, calls: Int) -> Line {
        Line(path: path, layer: modules.first { $0.path == path }?.name ?? "", calls: calls)
    }

    /// The lines, with parameters and with headings for enclosing modules.
    func finish(with parameters: [(name: String, parameter: Parameter)]) -> [Summary.Line] {
        var lines = state.withLock { $0.lines }
        for (_, parameter) in parameters {
            let owner = owners[ObjectIdentifier(parameter)] ?? ""
            var index = lines.firstIndex { $0.path == owner } ?? lines.count
            if index == lines.count {
                // It was never called.
                lines.append(line(at: owner, calls: 0))
                index = lines.count - 1
            }
            let count = parameter.shape.elementCount
            if parameter.isTrainable { lines[index].parameters += count } else { lines[index].fixedParameters += count }
        }
        for module in modules.reversed() where !lines.contains(where: { $0.path == module.path }) {
            if let first = lines.firstIndex(where: { $0.path.isInside(module.path) }) {
                lines.insert(line(at: module.path, calls: 0), at: first)
            }
        }
        // The network is the title; it has a line only for what belongs to none of its layers.
        return lines.filter {
            !$0.path.isEmpty || lines.count == 1 || $0.parameters + $0.fixedParameters + $0.multiplyAdds > 0
        }
    }
}

extension SummaryObserver.State {
    /// Ends the innermost call. Calls of a layer with the same output shape share a line.
    fileprivate mutating func endCall(with output: Shape) {
        let index = calls.removeLast().line
        lines[index].output = output
        let line = lines[index]
        let same = lines[..<index].firstIndex {
            $0.path == line.path && $0.output == line.output && $0.layer == line.layer
        }
        guard let same else { return }
        lines[same].calls += 1
        lines[same].multiplyAdds += line.multiplyAdds
        lines.remove(at: index)
    }
}

extension String {
    /// Whether this path is inside that of a module.
    fileprivate func isInside(_ module: String) -> Bool { module.isEmpty || hasPrefix(module + ".") }
}
