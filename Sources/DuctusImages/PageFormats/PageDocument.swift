/// The pages of an XML file.
public struct PageDocument: Sendable, Equatable {
    /// The pages, without what could not be understood.
    public var pages: [Page]
    /// What could not be understood and was left out: lines, or the words, baselines and outlines of lines.
    public var problems: [FileError]

    /// Pages, and what was left out of them.
    public init(pages: [Page], problems: [FileError] = []) { (self.pages, self.problems) = (pages, problems) }

    /// The result of `read`, or nil and a problem if it fails.
    mutating func attempt<Value>(
        _ read: (inout PageDocument) throws(FileError) -> Value
    ) -> Value? {
        do {
            return try read(&self)
        } catch {
            problems.append(error)
            return nil
        }
    }
}
