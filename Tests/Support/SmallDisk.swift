#if os(Linux)
    import DuctusTensors
    import Glibc

    /// A file system of some kilobytes, to be filled.
    package struct SmallDisk {
        package let path: String

        /// Whether this process may mount a file system.
        package static let isPossible: Bool = {
            guard geteuid() == 0, let folder = try? TemporaryFolder() else { return false }
            guard let disk = try? SmallDisk(at: folder.file("disk"), kilobytes: 64) else { return false }
            disk.unmount()
            return true
        }()

        /// Mounts a file system at a directory, which is created if necessary.
        package init(at path: String, kilobytes: Int) throws {
            self.path = path
            try File.createDirectory(path)
            try Self.run("mount -t tmpfs -o size=\(kilobytes)k tmpfs '\(path)'")
        }

        /// Makes the file system larger.
        package func resize(kilobytes: Int) throws { try Self.run("mount -o remount,size=\(kilobytes)k '\(path)'") }

        /// Unmounts the file system, with everything on it.
        package func unmount() { try? Self.run("umount '\(path)'") }

        private static func run(_ command: String) throws {
            guard system("\(command) >/dev/null 2>&1") == 0 else {
                throw FileError(file: command, reason: .system("the command has failed"))
            }
        }
    }
#endif
