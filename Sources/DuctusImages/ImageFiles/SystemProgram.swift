#if canImport(Darwin)
    import Darwin
#elseif canImport(Glibc)
    import Glibc
#endif

/// Runs programs of the system, without a shell.
package enum SystemProgram {
    package enum Failure: Error, Equatable {
        /// There is no such program in `PATH`.
        case notInstalled
        /// The program failed, took too long or wrote too much; its own message, if there is one.
        case failed(String)
        /// An error of the operating system.
        case system(String)
    }

    /// The standard output of a program.
    ///
    /// - Parameters:
    ///   - arguments: The name of the program, which is searched for in `PATH`, and its arguments.
    ///   - input: Its standard input.
    ///   - maximumBytes: The largest output.
    ///   - seconds: The time after which the program is killed.
    package static func run(
        _ arguments: [String], input: [UInt8], maximumBytes: Int, seconds: Int = 120
    ) throws(Failure) -> [UInt8] {
        let source = try temporaryFile(input)
        defer { close(source) }
        let (output, errors) = (try Pipe(), try Pipe())
        defer { for pipe in [output, errors] { close(pipe.reading) } }
        let process = try start(arguments, source, output, errors)
        var failure: Failure?
        var (result, words) = ([UInt8](), [UInt8]())
        do throws(Failure) {
            let deadline = ContinuousClock.now + .seconds(seconds)
            try read(output.reading, errors.reading, until: deadline) { isOutput, bytes throws(Failure) in
                if isOutput { result += bytes } else if words.count < 1000 { words += bytes }
                if result.count > maximumBytes { throw .failed("it wrote more than \(maximumBytes) bytes") }
            }
        } catch {
            failure = error
            kill(process, SIGKILL)
        }
        var status: CInt = 0
        while waitpid(process, &status, 0) < 0 && errno == EINTR {}
        if let failure { throw failure }
        if status != 0 {
            let line = String(decoding: words, as: UTF8.self).split(separator: "\n").first
            throw .failed(line.map(String.init) ?? "it failed")
        }
        return result
    }

    /// An open file without a name, which is removed when it is closed.
    private static func temporaryFile(_ bytes: [UInt8]) throws(Failure) -> CInt {
        guard let file = tmpfile() else { throw systemError() }
        defer { fclose(file) }
        guard fwrite(bytes, 1, bytes.count, file) == bytes.count, fflush(file) == 0 else { throw systemError() }
        let descriptor = fcntl(fileno(file), F_DUPFD_CLOEXEC, 3)
        guard descriptor >= 0, lseek(descriptor, 0, SEEK_SET) == 0 else { throw systemError() }
        return descriptor
    }

    /// Starts a program. Closes the writing ends of the pipes.
    private static func start(
        _ arguments: [String], _ input: CInt, _ output: Pipe, _ errors: Pipe
    ) throws(Failure) -> pid_t {
        defer { for pipe in [output, errors] { close(pipe.writing) } }
        #if canImport(Darwin)
            var actions: posix_spawn_file_actions_t?
        #else
            var actions = posix_spawn_file_actions_t()
        #endif
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        for (target, descriptor) in [input, output.writing, errors.writing].enumerated() {
            posix_spawn_file_actions_adddup2(&actions, descriptor, CInt(target))
        }
        // Messages in English, and no more of the environment than is needed.
        let kept = ["PATH", "HOME", "TMPDIR", "LD_LIBRARY_PATH"]
        let environment = kept.compactMap { name in File.environment(name).map { "\(name)=\($0)" } } + ["LC_ALL=C"]
        var (words, variables) = (arguments.map { strdup($0) } + [nil], environment.map { strdup($0) } + [nil])
        defer { for text in words + variables { free(text) } }
        var process: pid_t = 0
        let code = posix_spawnp(&process, arguments[0], &actions, nil, &words, &variables)
        guard code == 0 else {
            throw code == ENOENT ? .notInstalled : .system("\(arguments[0]): \(String(cString: strerror(code)))")
        }
        return process
    }

    /// Reads both pipes until they end.
    private static func read(
        _ output: CInt, _ errors: CInt, until deadline: ContinuousClock.Instant,
        _ take: (_ isOutput: Bool, _ bytes: ArraySlice<UInt8>) throws(Failure) -> Void
    ) throws(Failure) {
        var open = [output, errors]
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while !open.isEmpty {
            let left = ContinuousClock.now.duration(to: deadline).components.seconds
            guard left >= 0 else { throw .failed("it took too long") }
            var waiting = open.map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
            let ready = poll(&waiting, nfds_t(waiting.count), CInt(min(left + 1, 1000)) * 1000)
            guard ready >= 0 || errno == EINTR else { throw systemError() }
            for entry in waiting where ready > 0 && entry.revents != 0 {
                let count = Self.receive(entry.fd, &buffer)
                if count > 0 { try take(entry.fd == output, buffer[..<count]) }
                if count == 0 || (count < 0 && errno != EINTR) { open.removeAll { $0 == entry.fd } }
            }
        }
    }

    private static func receive(_ descriptor: CInt, _ buffer: inout [UInt8]) -> Int {
        #if canImport(Darwin)
            Darwin.read(descriptor, &buffer, buffer.count)
        #else
            Glibc.read(descriptor, &buffer, buffer.count)
        #endif
    }

    private static func systemError() -> Failure { .system(String(cString: strerror(errno))) }

    /// A pipe that programs do not inherit.
    private struct Pipe {
        let reading: CInt
        let writing: CInt

        init() throws(Failure) {
            var ends: [CInt] = [-1, -1]
            guard pipe(&ends) == 0 else { throw systemError() }
            (reading, writing) = (ends[0], ends[1])
            for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        }
    }
}
