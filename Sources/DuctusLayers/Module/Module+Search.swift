extension Module {
    public var children: [(name: String, value: Any)] { properties(of: Mirror(reflecting: self)) }

    /// Calls `visit` with the path of this module and of every module and parameter inside, outer ones first.
    func walk(_ visit: (_ path: String, _ part: Any) -> Void) {
        withoutActuallyEscaping(visit) { visit in
            var search = ModuleSearch(visit: visit)
            search.walk(self, "")
        }
    }
}

/// The search for modules and parameters in all that a module stores: arrays, dictionaries, tuples, optionals, payloads of
/// enumerations, and structs and classes that are no modules themselves.
///
/// Names are those of properties, positions, keys, and cases. Closures cannot be searched.
private struct ModuleSearch {
    let visit: (String, Any) -> Void
    /// The objects that are being searched, since objects may refer to each other.
    private var open: Set<ObjectIdentifier> = []

    init(visit: @escaping (String, Any) -> Void) { self.visit = visit }

    mutating func walk(_ value: Any, _ path: String) {
        guard !(value is any HoldingNoLayers), (type(of: value) as? any Container.Type)?.holdsNoLayers != true else {
            return
        }
        if let parameter = value as? Parameter { return visit(path, parameter) }
        let mirror = Mirror(reflecting: value)
        // First, since an optional casts to what it holds.
        if mirror.displayStyle == .optional {
            for child in mirror.children { walk(child.value, path) }
            return
        }
        if mirror.displayStyle == .class {
            let identity = ObjectIdentifier(value as AnyObject)
            guard open.insert(identity).inserted else { return }
            defer { open.remove(identity) }
            return walkParts(of: value, mirror, path)
        }
        walkParts(of: value, mirror, path)
    }

    private mutating func walkParts(of value: Any, _ mirror: Mirror, _ path: String) {
        func join(_ name: String) -> String { path.isEmpty ? name : "\(path).\(name)" }
        if let module = value as? any Module {
            visit(path, module)
            for child in module.children { walk(child.value, join(child.name)) }
            return
        }
        switch mirror.displayStyle {
        case .collection:
            for (index, child) in mirror.children.enumerated() { walk(child.value, join("\(index)")) }
        case .dictionary:
            let pairs = mirror.children.compactMap { pair -> (key: String, value: Any)? in
                let parts = Array(Mirror(reflecting: pair.value).children)
                return parts.count == 2 ? ("\(parts[0].value)", parts[1].value) : nil
            }
            for (key, value) in pairs.sorted(by: { $0.key < $1.key }) { walk(value, join(key)) }
        case .set:
            for child in mirror.children {
                var inner = ModuleSearch { _, _ in
                    preconditionFailure(
                        "\(path): a set holds layers or parameters, which have no order there; use an array.")
                }
                inner.walk(child.value, path)
            }
        case .tuple, .enum, .struct, .class:
            for child in properties(of: mirror) { walk(child.value, join(child.name)) }
        default:
            break
        }
    }
}

/// The stored properties that may hold layers, inherited ones first.
private func properties(of mirror: Mirror) -> [(name: String, value: Any)] {
    let inherited = mirror.superclassMirror.map(properties) ?? []
    return inherited
        + mirror.children.compactMap { child in
            guard let label = child.label, !(child.value is any HoldingNoLayers) else { return nil }
            // Positions in a tuple are called `.0`, and lazy properties have a prefix.
            let name = label.drop { $0 == "." }
            let lazy = "$__lazy_storage_$_"
            return (String(name.hasPrefix(lazy) ? name.dropFirst(lazy.count) : name), child.value)
        }
}

/// A type that holds neither layers nor parameters, so that it need not be searched.
protocol HoldingNoLayers {}

extension Bool: HoldingNoLayers {}
extension Int: HoldingNoLayers {}
extension Int32: HoldingNoLayers {}
extension Float: HoldingNoLayers {}
extension Double: HoldingNoLayers {}
extension String: HoldingNoLayers {}
extension Character: HoldingNoLayers {}
extension Unicode.Scalar: HoldingNoLayers {}
extension ClosedRange: HoldingNoLayers {}
extension Range: HoldingNoLayers {}
extension Shape: HoldingNoLayers {}
extension Tensor: HoldingNoLayers {}
extension IntPair: HoldingNoLayers {}
extension Padding: HoldingNoLayers {}
extension Activation: HoldingNoLayers {}
extension Place: HoldingNoLayers {}
extension BatchNorm.Folded: HoldingNoLayers {}

/// A container that need not be searched if its elements need not.
private protocol Container { static var holdsNoLayers: Bool { get } }

private func holdsNoLayers(_ type: Any.Type) -> Bool {
    type is any HoldingNoLayers.Type || (type as? any Container.Type)?.holdsNoLayers == true
}

extension Array: Container { fileprivate static var holdsNoLayers: Bool { DuctusLayers.holdsNoLayers(Element.self) } }
extension Set: Container { fileprivate static var holdsNoLayers: Bool { DuctusLayers.holdsNoLayers(Element.self) } }
extension Optional: Container {
    fileprivate static var holdsNoLayers: Bool { DuctusLayers.holdsNoLayers(Wrapped.self) }
}
extension Dictionary: Container {
    fileprivate static var holdsNoLayers: Bool { DuctusLayers.holdsNoLayers(Value.self) }
}
