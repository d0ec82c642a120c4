import ArgumentParser
import DuctusServing
import Logging

@main
struct ServerCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ductus-server", abstract: "Reads handwriting over HTTP.",
        discussion: """
            Every option but --configuration can also be given by an environment variable such as DUCTUS_SERVER_MAX_BYTES, \
            or by a key of the JSON file that --configuration names; options override variables, and variables the file. \
            The settings and their origins are printed at the start. With AWS_LAMBDA_RUNTIME_API in the environment, and \
            without AWS_LWA_PORT, requests are the events of a function instead of coming from a port, and nothing is \
            printed.
            """,
        version: Release.version)

    @Option(help: "The address to listen on (default: 127.0.0.1, which only this machine reaches).")
    var host: String?
    @Option(help: "The port; 0 for any that is free (default: 8000).")
    var port: String?
    @Option(help: "Weights: a directory, a file, a run, or open (default: the pretrained weights for research).")
    var model: String?
    @Option(help: "A language, none, or a language model file (default: those beside the weights).")
    var language: String?
    @Option(help: "The number of threads (default: one per core).")
    var threads: String?
    @Option(help: "The requests that may wait to be read; more are answered with 429 (default: 16).")
    var queue: String?
    @Option(help: "The seconds within which a request must be read (default: 60).")
    var deadline: String?
    @Option(help: "The seconds within which a head, and then a body, must arrive (default: 30).")
    var receiving: String?
    @Option(help: "The open connections; more wait (default: 256).")
    var connections: String?
    @Option(help: "The bytes of a body (default: 16777216).")
    var maxBytes: String?
    @Option(help: "The pixels of a page; larger pages are reduced or refused (default: 40000000).")
    var maxPixels: String?
    @Option(help: "The pages of a request (default: 20).")
    var maxPages: String?
    @Option(help: "The formats of images, of png,jpeg,webp,tiff,pdf (default: png,jpeg,webp).")
    var formats: String?
    @Option(
        help: ArgumentHelp(
            "Hosts from which GET ?image_url= may fetch images; * for all (default: none).", valueName: "hosts"))
    var imageHosts: String?
    @Option(help: ArgumentHelp("A PEM file with a certificate, for TLS (default: none).", valueName: "file"))
    var certificate: String?
    @Option(help: ArgumentHelp("A PEM file with the private key of the certificate.", valueName: "file"))
    var key: String?
    @Option(
        help: ArgumentHelp(
            "Metrics to compare later ones with (default: reference.prom beside the weights).", valueName: "file"))
    var reference: String?
    @Option(help: ArgumentHelp("A file with a name and a token on each line (default: no tokens).", valueName: "file"))
    var tokens: String?
    @Option(help: ArgumentHelp("A directory for corrections (default: none are kept).", valueName: "dir"))
    var feedback: String?
    @Option(help: "The bytes of all corrections together (default: 1073741824).")
    var feedbackBytes: String?
    @Option(help: "The least severe messages to log (default: info).")
    var log: String?
    @Option(help: ArgumentHelp("A JSON file with settings.", valueName: "file"))
    var configuration: String?

    /// The options that were given, by the names of their settings.
    private var flags: [String: String] {
        [
            "host": host, "port": port, "model": model, "language": language, "threads": threads, "queue": queue,
            "deadline": deadline, "receiving": receiving, "connections": connections, "max-bytes": maxBytes,
            "max-pixels": maxPixels, "max-pages": maxPages, "formats": formats, "image-hosts": imageHosts,
            "certificate": certificate, "key": key, "reference": reference, "tokens": tokens, "feedback": feedback,
            "feedback-bytes": feedbackBytes, "log": log,
        ].compactMapValues { $0 }
    }

    /// Runs the command of the arguments. The exit status is 2 for invalid options, and 1 for other errors.
    static func main() async {
        do {
            try await parse().run()
        } catch  where exitCode(for: error) == .validationFailure {
            report(fullMessage(for: error))
            exit(withError: ExitCode(2))
        } catch {
            exit(withError: error)
        }
    }

    func run() async throws {
        do {
            let file = try configuration.map { [try ServerSettings.file($0)] } ?? []
            let settings = try ServerSettings(
                file + [ServerSettings.environment(File.environment), .init(flags) { "--\($0)" }])
            try await serve(settings)
        } catch {
            report("ductus-server: \(error)")
            throw ExitCode.failure
        }
    }

    private func serve(_ settings: ServerSettings) async throws {
        let level = Logger.Level(rawValue: settings.log) ?? .info
        LoggingSystem.bootstrap { label in
            var handler = StreamLogHandler.standardError(label: label)
            handler.logLevel = level
            return handler
        }
        if let threads = settings.threads { Threads.count = threads }
        let function = LambdaRuntime.address(in: File.environment)
        let service: ReadingService
        do {
            service = try ReadingService(settings, logger: Logger(label: "ductus"))
        } catch {
            if let function { await LambdaRuntime.report(error, to: function) }
            throw error
        }
        if let function {
            try await LambdaRuntime(service, address: function).run()
        } else {
            report(settings.summary)
            let host = settings.host.contains(":") ? "[\(settings.host)]" : settings.host
            let scheme = settings.certificate == nil ? "http" : "https"
            try await Server(service) { report("Ductus is at \(scheme)://\(host):\($0)") }.runUntilSignal()
        }
    }
}
