/// Calls `body` with directions of a recurrent layer and parts of its batch. Directions run side by side, and so do
/// parts where threads are left; sums do not depend on the parts.
func forEachPart(directions: Int, batch: Int, _ body: (Int, Range<Int>) -> Void) {
    let parts = max(1, min(Threads.count / directions, batch / 8))
    parallel(directions * parts) { task in
        let part = task % parts
        body(task / parts, batch * part / parts..<batch * (part + 1) / parts)
    }
}
