import Dispatch
import Synchronization

/// A value that another thread computes; whoever needs it waits until it is there.
final class Deferred<Value: Sendable>: Sendable {
    private let result = Mutex<Value?>(nil)
    private let group = DispatchGroup()

    init(_ compute: @escaping @Sendable () -> Value) {
        DispatchQueue.global(qos: .userInitiated).async(group: group) { [self] in
            let value = compute()
            result.withLock { $0 = value }
        }
    }

    var value: Value {
        while true {
            if let value = result.withLock({ $0 }) { return value }
            group.wait()
        }
    }
}
