import DuctusServing
import DuctusTestSupport
import HTTPTypes
import NIOPosix
import NIOSSL
import Testing

/// Requests over TLS.
@Suite struct EncryptionTests {
    private let folder: TemporaryFolder
    private let files: [String: String]

    init() throws {
        folder = try TemporaryFolder()
        files = [
            "certificate": try folder.write(Self.certificate, to: "certificate.pem"),
            "key": try folder.write(Self.key, to: "key.pem"), "port": "0",
        ]
    }

    @Test func requestsAreAnsweredOverTLS() async throws {
        var configuration = TLSConfiguration.makeClientConfiguration()
        configuration.trustRoots = .certificates(try NIOSSLCertificate.fromPEMBytes(Array(Self.certificate.utf8)))
        let context = try NIOSSLContext(configuration: configuration)
        try await withServer(service(files)) { client in
            let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
                .connect(host: client.host, port: client.port) { channel in
                    ClientAnswer.prepare(channel) {
                        try NIOSSLClientHandler(context: context, serverHostname: "localhost")
                    }
                }
            let head = HTTPRequest(method: .post, scheme: "https", authority: "localhost", path: "/v1/read?format=text")
            let answer = try await ClientAnswer(to: head, content: Pictures.page, over: channel)
            #expect(answer.body == Array("La mer\nciel\n".utf8))
        }
    }

    /// A server for TLS does not answer without it.
    @Test func requestsWithoutTLSAreNot() async throws {
        try await withServer(service(files)) { client in
            await #expect(throws: (any Error).self) { try await client.send(.get, "/v2/health/live") }
        }
    }

    @Test(arguments: [("certificate", "key"), ("key", "certificate")])
    func oneFileNeedsTheOther(present: String, absent: String) throws {
        let service = try service(files.filter { $0.key != absent })
        let error = #expect(throws: ConfigurationError.self) { try Server(service) }
        #expect(error?.description.contains(absent) == true)
    }

    /// Errors name the file, and do not show the key.
    @Test(arguments: ["certificate", "key"])
    func filesThatAreNonePEMAreErrors(name: String) throws {
        var files = self.files
        files[name] = try folder.write("-----BEGIN CERTIFICATE-----\n", to: "broken.pem")
        let service = try service(files)
        let error = #expect(throws: ConfigurationError.self) { try Server(service) }
        #expect(error?.description.contains("broken.pem") == true)
    }

    /// Made for this test with OpenSSL; valid for a hundred years.
    private static let certificate = """
        -----BEGIN CERTIFICATE-----
        MIIBVTCB+6ADAgECAhQ0q+ROfQsE25WlQif+8ygo+NeClzAKBggqhkjOPQQDAjAU
        MRIwEAYDVQQDDAlsb2NhbGhvc3QwIBcNMjAwMTAxMDAwMDAwWhgPMjEyMDAxMDEw
        MDAwMDBaMBQxEjAQBgNVBAMMCWxvY2FsaG9zdDBZMBMGByqGSM49AgEGCCqGSM49
        AwEHA0IABFC/Ny81pPYLZgqwVo3pwyRcsKGtGTlkaFqDn0HpIYQ1S03qqGYiDArg
        c02tVhKvS0lhDStHblWFbC//pb3mDNejKTAnMBQGA1UdEQQNMAuCCWxvY2FsaG9z
        dDAPBgNVHRMBAf8EBTADAQH/MAoGCCqGSM49BAMCA0kAMEYCIQCJ3jlIhcThoOYt
        arUR4nnmASyLQUK8vMo0PkrWS1WBtQIhANGUt0i2jaZ99f2uuIFy5fAVl+mE9EaS
        9K/fNtbYCq5a
        -----END CERTIFICATE-----
        """

    private static let key = """
        -----BEGIN PRIVATE KEY-----
        MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgTblO9JOeY7PFzObj
        LCplkMVlbwMc/dC0wKG99E4iwSuhRANCAARQvzcvNaT2C2YKsFaN6cMkXLChrRk5
        ZGhag59B6SGENUtN6qhmIgwK4HNNrVYSr0tJYQ0rR25VhWwv/6W95gzX
        -----END PRIVATE KEY-----
        """
}
