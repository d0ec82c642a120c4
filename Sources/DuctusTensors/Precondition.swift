// The standard library's versions drop the message in release builds; these always print it.

/// Traps with a message, in release builds too, unless the condition holds.
package func precondition(
    _ condition: @autoclosure () -> Bool, _ message: @autoclosure () -> String = "Precondition failed.",
    file: StaticString = #fileID,
    line: UInt = #line
) {
    if !condition() { fatalError(message(), file: file, line: line) }
}

/// Traps with a message, in release builds too.
package func preconditionFailure(
    _ message: @autoclosure () -> String, file: StaticString = #fileID, line: UInt = #line
) -> Never {
    fatalError(message(), file: file, line: line)
}
