import DuctusImages
import DuctusTestSupport
import Testing

@Suite struct SystemProgramTests {
    /// More than fits a pipe.
    static let bytes = (0..<300_000).map { UInt8($0 % 251) }

    @Test func inputAndOutputAreBytes() throws {
        #expect(try SystemProgram.run(["cat"], input: Self.bytes, maximumBytes: 300_000) == Self.bytes)
        #expect(try SystemProgram.run(["cat"], input: [], maximumBytes: 0) == [])
    }

    @Test func aMissingProgramIsNamed() {
        #expect(throws: SystemProgram.Failure.notInstalled) {
            try SystemProgram.run(["ductus-has-no-such-program"], input: [], maximumBytes: 0)
        }
    }

    /// The environment has no shell's variables, and arguments are words as they are.
    @Test func noShellIsInvolved() throws {
        let output = try SystemProgram.run(["printf", "%s", "$HOME; echo x"], input: [], maximumBytes: 100)
        #expect(output == Array("$HOME; echo x".utf8))
    }

    @Test func itsOwnWordsAreTheReason() {
        let failure = #expect(throws: SystemProgram.Failure.self) {
            try SystemProgram.run(["cat", "/nowhere/x"], input: [], maximumBytes: 0)
        }
        #expect(failure == .failed("cat: /nowhere/x: No such file or directory"))
    }

    @Test func tooMuchOutputStopsIt() {
        #expect(throws: SystemProgram.Failure.failed("it wrote more than 1000 bytes")) {
            try SystemProgram.run(["cat"], input: Self.bytes, maximumBytes: 1000)
        }
        #expect(throws: SystemProgram.Failure.failed("it wrote more than 1000 bytes")) {
            try SystemProgram.run(["cat", "/dev/zero"], input: [], maximumBytes: 1000)
        }
    }

    @Test func timeIsBounded() {
        #expect(throws: SystemProgram.Failure.failed("it took too long")) {
            try SystemProgram.run(["sleep", "600"], input: [], maximumBytes: 0, seconds: 0)
        }
    }
}
