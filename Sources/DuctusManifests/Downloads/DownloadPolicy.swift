/// How patient a download is.
public struct DownloadPolicy: Sendable {
    /// The number of attempts in a row that bring nothing new before an address is given up.
    public var attempts = 5
    /// The pause after the first such attempt; it doubles after every further one.
    public var pause: Duration = .milliseconds(500)
    /// The longest pause.
    public var maximumPause: Duration = .seconds(30)
    /// The time without a byte after which a connection is given up.
    public var idleTimeout: Duration = .seconds(30)
    /// The number of redirections that are followed.
    public var maximumRedirections = 10

    /// A policy for servers of the internet.
    public init() {}

    /// The pause after a number of attempts without progress, 1 or more.
    func pause(after attempts: Int) -> Duration { min(pause * (1 << min(attempts - 1, 16)), maximumPause) }
}

/// A file that could not be downloaded.
public struct DownloadError: Error, CustomStringConvertible, Sendable, Equatable {
    /// The name of the file.
    public let file: String
    /// What every address answered, as a clause each.
    public let problems: [String]

    public var description: String {
        "\(file): it could not be downloaded; \(problems.joined(separator: "; ")); try again later, or download it"
            + " elsewhere and import it."
    }
}
