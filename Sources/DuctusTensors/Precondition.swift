// The standard library's versions are silent in release builds: the process ends, and nobody learns why.

/// Ends the process with a sentence, in release builds too, unless a condition holds that the caller must keep.
package func precondition(
    _ condition: @autoclosure () -> Bool, _ message: @autoclosure () -> String = "Precondition failed.",
    file: StaticString = #fileID,
    line: UInt = #line
) {
    if !condition() { fatalError(message(), file: file, line: line) }
}

/// Ends the process with a sentence, in release builds too.
package func preconditionFailure(
    _ message: @autoclosure () -> String, file: StaticString = #fileID, line: UInt = #line
) -> Never {
    fatalError(message(), file: file, line: line)
}
