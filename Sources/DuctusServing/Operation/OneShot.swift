import Synchronization

/// A result that is given once, by whoever is first: the work, its deadline, or the end of the connection.
final class OneShot<Value: Sendable>: Sendable {
    private enum State {
        case pending
        case awaited(CheckedContinuation<Value, any Error>)
        case given(Result<Value, any Error>)
        /// It is not kept, so that a stream ends when whoever has taken it lets go of it.
        case taken
    }

    private let state = Mutex(State.pending)

    /// Whether nobody has given a result.
    var isPending: Bool {
        state.withLock {
            switch $0 {
            case .pending, .awaited: true
            case .given, .taken: false
            }
        }
    }

    /// Gives the result, unless there is one already.
    func give(_ result: Result<Value, any Error>) {
        let continuation = state.withLock { state -> CheckedContinuation<Value, any Error>? in
            switch state {
            case .given, .taken: return nil
            case .pending:
                state = .given(result)
                return nil
            case .awaited(let continuation):
                state = .taken
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
                    guard case .given(let result) = state else {
                        state = .awaited(continuation)
                        return nil
                    }
                    state = .taken
                    return result
                }
                if let result { continuation.resume(with: result) }
            }
        }
    }
}
