import HummingbirdCore
import Logging
import NIOCore
import NIOSSL
import Synchronization

/// The certificate with which a port speaks TLS. It can be read anew while connections go on with the one that they
/// began with.
final class ServerCertificate: Sendable {
    private let certificate: String
    private let key: String
    private let current: Mutex<NIOSSLContext>

    /// The certificate that settings name; nil if they name none.
    /// - Throws: `ConfigurationError` for one without the other, or an error that names the file.
    init?(_ settings: ServerSettings) throws {
        switch (settings.certificate, settings.key) {
        case (nil, nil): return nil
        case (_, nil): throw ConfigurationError("certificate", "needs its private key; set key, too")
        case (nil, _): throw ConfigurationError("key", "is that of a certificate; set certificate, too")
        case (let certificate?, let key?):
            (self.certificate, self.key) = (certificate, key)
            current = Mutex(try Self.context(certificate, key))
        }
    }

    /// What new connections are encrypted with.
    var context: NIOSSLContext { current.withLock { $0 } }

    /// Reads the files anew.
    /// - Throws: an error that names the file; the former certificate stays then.
    func reload() throws {
        let context = try Self.context(certificate, key)
        current.withLock { $0 = context }
    }

    private static func context(_ certificate: String, _ key: String) throws -> NIOSSLContext {
        let (certificateBytes, keyBytes) = (
            try File.readBytes(certificate, maximumBytes: 1 << 20), try File.readBytes(key, maximumBytes: 1 << 20)
        )
        let chain: [NIOSSLCertificate]
        do {
            chain = try NIOSSLCertificate.fromPEMBytes(certificateBytes)
        } catch {
            throw ConfigurationError(certificate, "is no certificate in PEM format: \(error)")
        }
        let privateKey: NIOSSLPrivateKey
        do {
            privateKey = try NIOSSLPrivateKey(bytes: keyBytes, format: .pem)
        } catch {
            throw ConfigurationError(key, "is no private key in PEM format: \(error)")
        }
        var configuration = TLSConfiguration.makeServerConfiguration(
            certificateChain: chain.map { .certificate($0) }, privateKey: .privateKey(privateKey))
        configuration.minimumTLSVersion = .tlsv12
        do {
            return try NIOSSLContext(configuration: configuration)
        } catch {
            throw ConfigurationError(key, "is not the private key of \(certificate): \(error)")
        }
    }
}

/// HTTP over TLS.
struct EncryptedChannel: ServerChildChannel {
    let base: HTTP1Channel
    let certificate: ServerCertificate

    func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<HTTP1Channel.Value> {
        channel.eventLoop.makeCompletedFuture {
            try channel.pipeline.syncOperations.addHandler(NIOSSLServerHandler(context: certificate.context))
        }.flatMap { base.setup(channel: channel, logger: logger) }
    }

    func handle(value: HTTP1Channel.Value, logger: Logger) async { await base.handle(value: value, logger: logger) }
}
