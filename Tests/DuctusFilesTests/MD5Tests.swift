import DuctusFiles
import Testing

@Suite struct MD5Tests {
    /// The examples of RFC 1321, appendix A.5, and a long one by Python's hashlib.
    @Test(arguments: [
        ("", "d41d8cd98f00b204e9800998ecf8427e"), ("a", "0cc175b9c0f1b6a831c399e269772661"),
        ("abc", "900150983cd24fb0d6963f7d28e17f72"), ("message digest", "f96b697d7cb7938d525a2f31aaf161d0"),
        ("abcdefghijklmnopqrstuvwxyz", "c3fcd3d76192e4007dfb496cca67e13b"),
        (String(repeating: "1234567890", count: 8), "57edf4a22be3c955ac49da2e2107b67a"),
        (String(repeating: "a", count: 100_000), "1af6d6f2f682f76f80e606aeaaee1680"),
    ])
    func isMD5(text: String, hash: String) {
        #expect(MD5.hash(Array(text.utf8)) == hash)
    }

    /// Lengths around those where the padding takes another block, by Python's hashlib.
    @Test(arguments: [
        (55, "c9ea3314b91c9fd4e38f9432064fd1f2"),
        (56, "e3c4dd21a9171fd39d208efa09bf7883"),
        (63, "65cecfb980d72fde57d175d6ec1c3f64"),
        (64, "3b5d3c7d207e37dceeedd301e35e2e58"),
        (65, "1ef5e829303a139ce967440e0cdca10c"),
        (119, "8271cb2e6a546123b43096a2efce39d2"),
        (120, "222f7d881ded1871724a1b9a1cb94247"),
    ])
    func knowsEveryLength(count: Int, hash: String) {
        #expect(MD5.hash([UInt8](repeating: 0, count: count)) == hash)
    }
}
