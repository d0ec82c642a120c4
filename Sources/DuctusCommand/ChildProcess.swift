import Dispatch
import Ductus

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

#if canImport(Darwin)
    import Darwin
#elseif canImport(Glibc)
    import Glibc
#endif

/// This program, started again with other arguments. It ends when the program that started it does, even if that is killed:
/// its standard input is a pipe that then closes, and ``ChildProcess/endWithParent()`` waits for that.
struct ChildProcess {
    /// The number by which the system knows it.
    let identifier: pid_t
    private let input: CInt

    /// Starts the program.
    ///
    /// - Parameters:
    ///   - arguments: its arguments.
    ///   - environment: variables that differ from those of this program.
    ///   - output: the file to which its standard output and standard error are appended.
    /// - Throws: `FileError` if the system refuses.
    init(_ arguments: [String], environment: [String: String], output: String) throws(FileError) {
        let program = File.program
        var ends: [CInt] = [-1, -1]
        guard pipe(&ends) == 0 else { throw File.systemError(program) }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        #if canImport(Darwin)
            var actions: posix_spawn_file_actions_t?
        #else
            var actions = posix_spawn_file_actions_t()
        #endif
        posix_spawn_file_actions_init(&actions)
        defer {
            posix_spawn_file_actions_destroy(&actions)
            close(ends[0])
        }
        posix_spawn_file_actions_adddup2(&actions, ends[0], 0)
        for descriptor in [CInt(1), 2] {
            posix_spawn_file_actions_addopen(&actions, descriptor, output, O_WRONLY | O_CREAT | O_APPEND, 0o644)
        }
        var words = ([program] + arguments).map { strdup($0) } + [nil]
        // The program is no process of the job that this one may be part of.
        let inherited = ProcessInfo.processInfo.environment.filter { name, _ in
            !["OMPI_", "PMI_", "PMIX_"].contains { name.hasPrefix($0) }
        }
        let surroundings = inherited.merging(environment) { $1 }
        var variables = surroundings.map { strdup("\($0.key)=\($0.value)") } + [nil]
        defer { for text in words + variables { free(text) } }
        var process = pid_t()
        let failure = posix_spawn(&process, program, &actions, nil, &words, &variables)
        guard failure == 0 else {
            close(ends[1])
            throw FileError(file: program, reason: .system(String(cString: strerror(failure))))
        }
        (identifier, input) = (process, ends[1])
    }

    /// Waits for the end of any of some programs.
    /// - Returns: the program, and whether it succeeded.
    static func next(of children: [ChildProcess]) -> (child: ChildProcess, hasSucceeded: Bool)? {
        while !children.isEmpty {
            for child in children {
                var status: CInt = 0
                let result = waitpid(child.identifier, &status, WNOHANG)
                guard result != 0, result > 0 || errno != EINTR else { continue }
                close(child.input)
                return (child, result > 0 && status == 0)
            }
            usleep(20_000)
        }
        return nil
    }

    /// Ends this program as soon as the one that started it has ended.
    static func endWithParent() {
        DispatchQueue.global().async {
            var byte: UInt8 = 0
            while read(0, &byte, 1) > 0 {}
            _exit(1)
        }
    }
}
