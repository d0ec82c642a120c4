#if canImport(Darwin)
    import Darwin
#elseif canImport(Glibc)
    import Glibc
#endif

/// Reading and writing of whole files.
package enum File {
    /// The bytes of a file, which may also be a pipe.
    ///
    /// - Parameter maximumBytes: a larger file is an error; if its size is known, before memory is allocated.
    package static func readBytes(_ path: String, maximumBytes: Int = 2 << 30) throws(FileError) -> [UInt8] {
        let descriptor = open(systemPath(path), O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw systemError(path) }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw systemError(path) }
        guard status.st_mode & S_IFMT != S_IFDIR else { throw FileError(file: path, reason: .isDirectory) }
        guard status.st_size <= maximumBytes else {
            throw FileError(file: path, reason: .tooLarge(maximumBytes: maximumBytes))
        }

        // One byte more than the size finds the end of the file without growing the array.
        var bytes = [UInt8](repeating: 0, count: Int(status.st_size) + 1)
        var count = 0
        while true {
            let received = bytes.withUnsafeMutableBytes { buffer in
                let free = UnsafeMutableRawBufferPointer(rebasing: buffer[count...])
                return read(descriptor, free.baseAddress, free.count)
            }
            if received < 0 && errno == EINTR { continue }
            guard received >= 0 else { throw systemError(path) }
            guard received > 0 else { break }
            count += received
            guard count <= maximumBytes else {
                throw FileError(file: path, reason: .tooLarge(maximumBytes: maximumBytes))
            }
            if count == bytes.count { bytes += repeatElement(0, count: max(64 << 10, count)) }
        }
        bytes.removeLast(bytes.count - count)
        return bytes
    }

    /// The bytes of a regular file after the first `offset`; none if there is no file.
    package static func readBytes(_ path: String, from offset: Int) throws(FileError) -> [UInt8] {
        let descriptor = open(systemPath(path), O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            if errno == ENOENT { return [] }
            throw systemError(path)
        }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw systemError(path) }
        var bytes = [UInt8](repeating: 0, count: max(Int(status.st_size) - offset, 0))
        var count = 0
        while count < bytes.count {
            let received = bytes.withUnsafeMutableBytes { buffer in
                let free = UnsafeMutableRawBufferPointer(rebasing: buffer[count...])
                return pread(descriptor, free.baseAddress, free.count, off_t(offset + count))
            }
            if received < 0 && errno == EINTR { continue }
            guard received >= 0 else { throw systemError(path) }
            guard received > 0 else { break }
            count += received
        }
        bytes.removeLast(bytes.count - count)
        return bytes
    }

    /// Whether a path leads to something readable.
    package static func exists(_ path: String) -> Bool {
        access(systemPath(path), R_OK) == 0
    }

    /// The sorted names in a directory; none if it cannot be read.
    package static func names(in directory: String, includingHidden: Bool = false) -> [String] {
        guard let stream = opendir(systemPath(directory)) else { return [] }
        defer { closedir(stream) }
        guard let offset = MemoryLayout<dirent>.offset(of: \.d_name) else { return [] }
        var names: [String] = []
        while let entry = readdir(stream) {
            let start = (UnsafeRawPointer(entry) + offset).assumingMemoryBound(to: CChar.self)
            let name = path(decoding: start)
            if !name.hasPrefix(".") || includingHidden && name != "." && name != ".." { names.append(name) }
        }
        return names.sorted()
    }

    /// The error for the current `errno`.
    package static func systemError(_ path: String) -> FileError {
        if errno == ENOENT || errno == ENOTDIR { return FileError(file: path, reason: .missing) }
        return FileError(file: path, reason: .system(String(cString: strerror(errno))))
    }
}
