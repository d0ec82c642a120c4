#if canImport(Darwin)
    import Darwin
#elseif canImport(Glibc)
    import Glibc
#endif

extension File {
    /// Gives a file another name, without a copy of its contents where the file system allows that.
    /// - Throws: `FileError`, also if the name is taken.
    package static func link(_ path: String, to name: String) throws(FileError) {
        if hardLink(path, name) { return }
        guard [EXDEV, EPERM, EMLINK, ENOTSUP, EACCES].contains(errno) else { throw systemError(name) }
        try copy(path, to: name)
    }

    /// Copies the contents of a file. What has the name is replaced.
    package static func copy(_ path: String, to name: String) throws(FileError) {
        let source = open(systemPath(path), O_RDONLY | O_CLOEXEC)
        guard source >= 0 else { throw systemError(path) }
        defer { close(source) }
        let target = try FileReplacement(of: name)
        var chunk = [UInt8](repeating: 0, count: 1 << 20)
        while true {
            let count = chunk.withUnsafeMutableBytes { read(source, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw systemError(path) }
            guard count > 0 else { break }
            try target.append(Array(chunk[..<count]))
        }
        try target.commit()
    }

    private static func hardLink(_ path: String, _ name: String) -> Bool {
        #if canImport(Darwin)
            Darwin.link(systemPath(path), systemPath(name)) == 0
        #else
            Glibc.link(systemPath(path), systemPath(name)) == 0
        #endif
    }

    /// Renames a file or a directory. A file that has the name is replaced.
    package static func move(_ path: String, to name: String) throws(FileError) {
        guard rename(systemPath(path), systemPath(name)) == 0 else { throw systemError(name) }
    }

    /// Makes a name lead to a path, relative to the directory of the name; what the name led to before is replaced
    /// atomically.
    package static func symbolicLink(to target: String, at name: String) throws(FileError) {
        let temporary = "\(name).\(getpid()).tmp"
        unlink(systemPath(temporary))
        guard symlink(systemPath(target), systemPath(temporary)) == 0 else { throw systemError(name) }
        do throws(FileError) {
            try move(temporary, to: name)
        } catch {
            unlink(systemPath(temporary))
            throw error
        }
    }

    /// Whether a path itself is a symbolic link.
    package static func isSymbolicLink(_ path: String) -> Bool {
        var status = stat()
        return lstat(systemPath(path), &status) == 0 && status.st_mode & S_IFMT == S_IFLNK
    }

    /// Forbids everyone to write to a file.
    package static func makeReadOnly(_ path: String) throws(FileError) {
        guard chmod(systemPath(path), 0o444) == 0 else { throw systemError(path) }
    }

    /// Removes a directory with everything in it, if it exists. Symbolic links are removed, not followed.
    package static func removeTree(_ path: String) throws(FileError) {
        guard isDirectory(path), !isSymbolicLink(path) else { return try remove(path) }
        for name in names(in: path, includingHidden: true) { try removeTree("\(path)/\(name)") }
        try removeDirectory(path)
    }

    /// The paths of all files below a directory relative to it, sorted; hidden ones only if asked for. Directories that
    /// are symbolic links are not entered.
    package static func tree(_ directory: String, includingHidden: Bool = false) -> [String] {
        func files(_ prefix: String, depth: Int) -> [String] {
            names(in: prefix.isEmpty ? directory : "\(directory)/\(prefix)", includingHidden: includingHidden)
                .flatMap { name -> [String] in
                    let path = prefix.isEmpty ? name : "\(prefix)/\(name)"
                    guard isDirectory("\(directory)/\(path)") else { return [path] }
                    return depth > 32 || isSymbolicLink("\(directory)/\(path)") ? [] : files(path, depth: depth + 1)
                }
        }
        return files("", depth: 0).sorted()
    }

    /// The free bytes of the file system of a directory; nil if it does not tell.
    package static func freeBytes(at directory: String) -> Int? {
        var status = statvfs()
        guard statvfs(systemPath(directory), &status) == 0 else { return nil }
        return Int(
            clamping: UInt64(status.f_bavail).multipliedReportingOverflow(by: UInt64(status.f_frsize)).partialValue)
    }

    /// Writes everything that was written to files to the disk.
    package static func synchronize() { sync() }
}
