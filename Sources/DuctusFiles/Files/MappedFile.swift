#if canImport(Darwin)
    import Darwin
#elseif canImport(Glibc)
    import Glibc
#endif

/// A memory-mapped file: pages are loaded when they are first read.
///
/// The bytes are never written to, and the file must not be changed in place meanwhile; `File.write` replaces files.
package final class MappedFile: @unchecked Sendable {
    package let bytes: UnsafeMutableRawBufferPointer

    /// - Throws: `FileError`, also for a file that cannot be mapped, such as a pipe.
    package init(_ path: String) throws(FileError) {
        let descriptor = open(File.systemPath(path), O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw File.systemError(path) }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw File.systemError(path) }
        guard status.st_mode & S_IFMT != S_IFDIR else { throw FileError(file: path, reason: .isDirectory) }
        let size = Int(status.st_size)
        guard size > 0 else {
            bytes = UnsafeMutableRawBufferPointer(start: nil, count: 0)
            return
        }
        let start = mmap(nil, size, PROT_READ | PROT_WRITE, MAP_PRIVATE, descriptor, 0)
        guard let start, start != MAP_FAILED else { throw File.systemError(path) }
        bytes = UnsafeMutableRawBufferPointer(start: start, count: size)
    }

    deinit {
        if let start = bytes.baseAddress { munmap(start, bytes.count) }
    }
}
