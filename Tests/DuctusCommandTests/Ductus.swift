import DuctusHandwriting
import DuctusTestSupport
import Testing

#if canImport(Darwin)
    import Darwin
#elseif canImport(Glibc)
    import Glibc
#endif

/// The program under test, `ductus`, which is in the directory of the tests.
enum Ductus {
    /// The result of a command.
    struct Result: Sendable {
        /// The exit status, or minus the signal that terminated the program.
        let status: Int
        let output: String
        let errors: String
        /// The peak memory in bytes.
        let peakMemory: Int

        /// Expects the refusal of an input: status 1, one sentence about `file`, and no output.
        func expectRefusal(about file: String, sourceLocation: SourceLocation = #_sourceLocation) {
            #expect(status == 1, "\(self)", sourceLocation: sourceLocation)
            #expect(output.isEmpty, sourceLocation: sourceLocation)
            let message = errors.hasSuffix("\n") ? String(errors.dropLast()) : errors
            #expect(message.hasPrefix("ductus: "), sourceLocation: sourceLocation)
            #expect(
                isOneSentence(String(message.dropFirst("ductus: ".count)), about: file), "\(message)",
                sourceLocation: sourceLocation)
        }

        /// Expects success: status 0 and no errors.
        func expectSuccess(sourceLocation: SourceLocation = #_sourceLocation) {
            #expect(status == 0, "\(self)", sourceLocation: sourceLocation)
            #expect(errors.isEmpty, sourceLocation: sourceLocation)
        }
    }

    /// A running program.
    final class Run {
        private let process: pid_t
        private let folder: TemporaryFolder
        private var result: Result?

        /// Starts `ductus` with arguments and additional environment variables, with files as standard input and output.
        init(
            _ arguments: [String], environment: [String: String] = [:], input: String = "/dev/null",
            output: String? = nil
        ) throws {
            folder = try TemporaryFolder()
            var actions = posix_spawn_file_actions_t()
            posix_spawn_file_actions_init(&actions)
            defer { posix_spawn_file_actions_destroy(&actions) }
            posix_spawn_file_actions_addopen(&actions, 0, input, O_RDONLY, 0)
            for (descriptor, path) in [(CInt(1), output ?? folder.file("output")), (2, folder.file("errors"))] {
                posix_spawn_file_actions_addopen(&actions, descriptor, path, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
            }
            let program = "\(File.programDirectory)/ductus"
            let variables = ["PATH", "HOME", "DUCTUS_NUM_THREADS"].compactMap { name in
                File.environment(name).map { "\(name)=\($0)" }
            }
            var words = ([program] + arguments).map { strdup($0) } + [nil]
            // The feature cache must not be that of the working directory.
            let features = ["DUCTUS_FEATURES": folder.file("features")].merging(environment) { $1 }
            var surroundings = (variables + features.map { "\($0)=\($1)" }).map { strdup($0) } + [nil]
            defer { for text in words + surroundings { free(text) } }
            var process = pid_t()
            let failure = posix_spawn(&process, program, &actions, nil, &words, &surroundings)
            guard failure == 0 else {
                throw FileError(file: program, reason: .system(String(cString: strerror(failure))))
            }
            self.process = process
        }

        deinit { kill() }

        /// Kills the program and waits for its end.
        func kill() {
            guard result == nil else { return }
            signal(SIGKILL)
            _ = wait()
        }

        private func signal(_ number: CInt) {
            #if canImport(Darwin)
                _ = Darwin.kill(process, number)
            #elseif canImport(Glibc)
                _ = Glibc.kill(process, number)
            #endif
        }

        /// The peak memory of the running program in bytes, on Linux.
        private var residentMemory: Int {
            let status = String(decoding: (try? File.readBytes("/proc/\(process)/status")) ?? [], as: UTF8.self)
            let line = status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") }
            return 1024 * (line?.split { !$0.isNumber }.first.flatMap { Int($0) } ?? 0)
        }

        /// Waits for the end.
        func wait() -> Result {
            if let result { return result }
            var (status, usage, peak) = (CInt(0), rusage(), 0)
            #if canImport(Darwin)
                while wait4(process, &status, 0, &usage) < 0 && errno == EINTR {}
                peak = usage.ru_maxrss
            #else
                // On Linux, `ru_maxrss` includes the memory of the parent, so the running program is polled.
                while wait4(process, &status, WNOHANG, &usage) != process {
                    peak = max(peak, residentMemory)
                    usleep(500)
                }
            #endif
            func text(_ name: String) -> String {
                String(decoding: (try? File.readBytes(folder.file(name))) ?? [], as: UTF8.self)
            }
            let ended = Result(
                status: Int(status & 0x7F == 0 ? status >> 8 & 0xFF : -(status & 0x7F)), output: text("output"),
                errors: text("errors"), peakMemory: peak)
            result = ended
            return ended
        }
    }

    /// Sleeps.
    static func pause(milliseconds: Int) { usleep(UInt32(milliseconds) * 1000) }

    /// Runs `ductus`.
    static func run(_ arguments: String..., environment: [String: String] = [:]) throws -> Result {
        try Run(arguments, environment: environment).wait()
    }

    /// Runs `ductus` with a command and its arguments.
    static func run(_ command: String, _ arguments: [String]) throws -> Result {
        try Run([command] + arguments).wait()
    }
}
