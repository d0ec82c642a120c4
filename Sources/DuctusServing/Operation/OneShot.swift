import Synchronization

/// A result that is given once, by whoever is first: the work, its deadline, or the end of the connection.
final class OneShot<Value: Sendable>: Sendable {
    private enum State {
        case pending
        case awaited(CheckedContinuation<Value, any Error>)
        case given(Result<Value, any Error>)
    }

    private let state = Mutex(State.pending)

    /// Whether nobody has given a result.
    var isPending: Bool {
        state.withLock { if case .given = $0 { false } else { true } }
    }

    /// Gives the result, unless there is one already.
    func give(_ result: Result<Value, any Error>) {
        let continuation = state.withLock { state -> CheckedContinuation<Value, any Error>? in
            switch state {
            case .given: return nil
            case .pending:
                state = .given(result)
                return nil
            case .awaited(let continuation):
                state = .given(result)
                return continuation
            }
        }
        continuation?.resume(with: result)
    }

    /// The result, as soon as there is one. Awaited at most once.
    var value: Value {
        get async throws {
            try await withCheckedThrowingContinuation { continuation in
                let result = state.withLock { state -> Result<Value, any Error>? in
                    if case .given(let result) = state { return result }
                    state = .awaited(continuation)
                    return nil
                }
                if let result { continuation.resume(with: result) }
            }
        }
    }
}
