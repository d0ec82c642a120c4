import NIOCore

extension SocketAddress {
    /// Whether it is an address of the public internet, and neither of this machine, its network, or its cloud's
    /// metadata, nor one that leads to such an address by way of a translation.
    ///
    /// Source: IANA, *IPv4* and *IPv6 Special-Purpose Address Registries* (RFC 6890).
    package var isPublic: Bool {
        switch self {
        case .v4(let address):
            withUnsafeBytes(of: address.address.sin_addr) { bytes in
                let number = bytes.reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
                return !Self.special4.contains { number >> (32 - $0.bits) == $0.prefix >> (32 - $0.bits) }
            }
        case .v6(let address):
            withUnsafeBytes(of: address.address.sin6_addr) { bytes in
                let number = bytes.prefix(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
                // Of all others, IPv4 addresses within IPv6 and translated ones among them, none is public.
                return number >> 61 == 0b001
                    && !Self.special6.contains { number >> (64 - $0.bits) == $0.prefix >> (64 - $0.bits) }
            }
        case .unixDomainSocket: false
        }
    }

    private static let special4: [(prefix: UInt32, bits: UInt32)] = [
        (0x0000_0000, 8), (0x0A00_0000, 8), (0x6440_0000, 10), (0x7F00_0000, 8), (0xA9FE_0000, 16),
        (0xAC10_0000, 12), (0xC000_0000, 24), (0xC000_0200, 24), (0xC058_6300, 24), (0xC0A8_0000, 16),
        (0xC612_0000, 15), (0xC633_6400, 24), (0xCB00_7100, 24), (0xE000_0000, 4), (0xF000_0000, 4),
    ]

    /// Protocol assignments with Teredo, documentation, 6to4, and the newer documentation.
    private static let special6: [(prefix: UInt64, bits: UInt64)] = [
        (0x2001_0000_0000_0000, 23), (0x2001_0DB8_0000_0000, 32), (0x2002_0000_0000_0000, 16),
        (0x3FFF_0000_0000_0000, 20),
    ]
}
