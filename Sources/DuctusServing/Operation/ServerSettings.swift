/// What can be set when a service starts.
public struct ServerSettings: Sendable {
    /// The address that it listens on.
    public var host = "127.0.0.1"
    /// The port; 0 stands for any that is free.
    public var port = 8000
    /// A directory with weights, a weights file, or a run; nil for the pretrained weights.
    public var model: String?
    /// The language model; nil for those beside the weights.
    public var language: String?
    /// The threads of an operation; nil for one per core.
    public var threads: Int?
    /// The requests that may wait to be read.
    public var queue = 16
    /// The seconds from the head of a request within which it is read.
    public var deadline = 60
    /// The seconds within which the head of a request, and then its body, must arrive.
    public var receiving = 30
    /// The connections that are open at a time.
    public var connections = 256
    /// The bytes of a body.
    public var maximumBytes = 16 << 20
    /// The pixels of a decoded page.
    public var maximumPixels = 40_000_000
    /// The pages of a request.
    public var maximumPages = 20
    /// The formats of images that are accepted.
    public var formats: Set<String> = ["png", "jpeg", "webp"]
    /// The hosts from which `image_url` may fetch images, with a port if it is not that of the scheme; `*` stands for all.
    public var imageHosts: Set<String> = []
    /// A PEM file with the certificate for TLS and those that vouch for it; nil for HTTP without encryption.
    public var certificate: String?
    /// A PEM file with the private key of the certificate.
    public var key: String?
    /// A file with metrics to compare later ones with; nil for the one beside the weights, if there is one.
    public var reference: String?
    /// A file with the tokens of those who may use the service; nil if everyone may.
    public var tokens: String?
    /// A directory for corrections; nil if none are kept.
    public var feedback: String?
    /// The bytes of all corrections together.
    public var feedbackBytes = 1 << 30
    /// The least severe messages that are logged.
    public var log = "info"

    /// Where each value came from, by the name of its setting.
    public private(set) var origins: [String: String] = [:]

    /// The defaults.
    public init() {}

    /// Values by the names of their settings, and where they came from, such as the environment.
    public struct Source: Sendable {
        let origin: @Sendable (_ name: String) -> String
        let values: [String: String]

        /// Values with an origin, which may depend on the name of the setting.
        public init(_ values: [String: String], origin: @escaping @Sendable (_ name: String) -> String) {
            (self.values, self.origin) = (values, origin)
        }
    }

    /// Applies sources to the defaults; each overrides those before it.
    /// - Throws: `ConfigurationError` with the origin of a value that is unknown or invalid.
    public init(_ sources: [Source]) throws {
        for source in sources {
            for (name, value) in source.values.sorted(by: { $0.key < $1.key }) {
                guard let option = Self.options.first(where: { $0.name == name }) else {
                    let names = Self.options.map(\.name)
                    throw ConfigurationError(
                        source.origin(name), JSONText.unknown(name, suggestion(for: name, among: names), known: names))
                }
                guard option.apply(&self, value) else {
                    throw ConfigurationError(source.origin(name), "must be \(option.values), not \"\(value)\"")
                }
                origins[name] = source.origin(name)
            }
        }
    }

    /// The limits for images.
    var imageLimits: ImageLimits {
        ImageLimits(
            pixels: maximumPixels, pages: maximumPages,
            formats: Set(formats.compactMap { ImageFileFormat(rawValue: $0) }))
    }

    /// Every setting with its value and where that came from, on lines of their own.
    public var summary: String {
        Self.options.map { option in
            "\(option.name) = \(option.value(self)) (\(origins[option.name] ?? "default"))"
        }.joined(separator: "\n")
    }
}
