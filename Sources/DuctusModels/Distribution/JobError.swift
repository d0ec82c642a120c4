/// An error that all ranks of a job know of, so that each of them can end in an orderly manner.
public struct JobError: Error, CustomStringConvertible {
    /// The description of the error.
    public let description: String
    /// The error itself, on the rank where it happened.
    public let underlying: (any Error)?

    init(_ description: String, underlying: (any Error)? = nil) {
        (self.description, self.underlying) = (description, underlying)
    }
}
