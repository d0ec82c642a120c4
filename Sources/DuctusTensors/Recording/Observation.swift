import Synchronization

/// Follows a computation as it runs; used for summaries and profiles of networks.
package protocol Observer: AnyObject, Sendable {
    /// Whether layers must be called one by one even where several can be computed at once.
    var needsEveryLayer: Bool { get }
    /// A product performed `count` multiply-adds.
    func didMultiply(_ count: Int)
    /// A parameter was read.
    func didRead(_ parameter: AnyObject)
    /// An operation begins, or has begun where the last one ended if it `isDone`; nil if operations are of no interest.
    func willCompute(_ operation: String, _ attributes: [Operation.Attribute], isDone: Bool)
        -> (any OperationObserver)?
}

/// Follows one operation.
package protocol OperationObserver: AnyObject, Sendable {
    /// The operation has computed its output.
    func didCompute(_ operation: Operation)
    /// Performs its backward pass, which returns the gradients and their size in bytes.
    func propagating<Gradients>(_ backward: () -> (Gradients, bytes: Int)) -> Gradients
}

/// What an operation has read and written.
package struct Operation: Sendable {
    /// A setting of an operation, such as the stride of a convolution.
    package typealias Attribute = (name: String, value: String)

    package let inputs: [Shape]
    package let output: Shape
    /// The size of the output; 0 for a view.
    package let bytes: Int

    init() { (inputs, output, bytes) = ([], [], 0) }

    init<Scalar: TensorScalar>(_ inputs: [Tensor<Scalar>], _ output: Tensor<Scalar>) {
        (self.inputs, self.output) = (inputs.map(\.shape), output.shape)
        let isView = inputs.contains { $0.storage === output.storage }
        bytes = isView ? 0 : output.count * MemoryLayout<Scalar>.stride
    }
}

/// The observer of the operations in this task. Without any observer, the check costs one load.
package enum Observation {
    private static let running = Atomic(0)
    @TaskLocal private static var current: (any Observer)?
    /// The operation that is being performed; those that it is made of are not observed.
    @TaskLocal fileprivate static var operation: (any OperationObserver)?

    package static var observer: (any Observer)? { running.load(ordering: .relaxed) == 0 ? nil : current }

    package static func with<Result>(_ observer: any Observer, _ body: () throws -> Result) rethrows -> Result {
        running.add(1, ordering: .relaxed)
        defer { running.subtract(1, ordering: .relaxed) }
        return try $operation.withValue(nil) { try $current.withValue(observer, operation: body) }
    }

    /// The result of work that is not that of a recorded operation, such as an optimizer's step, but observed like one.
    package static func performing<Result>(_ name: String, _ body: () throws -> Result) rethrows -> Result {
        guard let observer, operation == nil, let work = observer.willCompute(name, [], isDone: false) else {
            return try body()
        }
        let result = try $operation.withValue(work, operation: body)
        work.didCompute(Operation())
        return result
    }

    /// The operation that is being performed, if it is observed.
    package static var currentOperation: (any OperationObserver)? { operation }
}

extension Tensor {
    /// The output of an operation that is made of others, which are then not observed by themselves.
    ///
    /// - Parameters:
    ///   - name: its name; that of the function that calls this, by default.
    ///   - inputs: the tensors that it reads.
    ///   - attributes: its settings.
    ///   - body: computes and records the output.
    package static func operation(
        _ name: String = #function, of inputs: @autoclosure () -> [Tensor],
        _ attributes: @autoclosure () -> [Operation.Attribute] = [], _ body: () -> Tensor
    ) -> Tensor {
        guard let observer = Observation.observer, Observation.operation == nil,
            let operation = observer.willCompute(name, attributes(), isDone: false)
        else { return body() }
        let output = Observation.$operation.withValue(operation, operation: body)
        operation.didCompute(Operation(inputs(), output))
        return output
    }

    /// Tells the observer of this task that this tensor has been computed by an operation, unless that is part of another.
    /// - Returns: `backward`, observed.
    @inline(never)
    func observed(
        _ name: String, _ inputs: [Tensor], _ backward: @escaping (Tensor) -> [Tensor?]
    ) -> (Tensor) -> [Tensor?] {
        var operation = Observation.operation
        if operation == nil {
            operation = Observation.observer?.willCompute(name, [], isDone: true)
            operation?.didCompute(Operation(inputs, self))
        }
        guard let operation else { return backward }
        return { gradient in
            // Gradients that are computed by recording are part of the operation.
            guard Observation.operation == nil else { return backward(gradient) }
            return operation.propagating {
                let parts = Observation.$operation.withValue(operation) { backward(gradient) }
                let count = parts.reduce(0) { $0 + ($1?.count ?? 0) }
                return (parts, bytes: count * MemoryLayout<Scalar>.stride)
            }
        }
    }
}
