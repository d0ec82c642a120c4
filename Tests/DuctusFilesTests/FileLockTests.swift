import DuctusFiles
import DuctusTestSupport
import Testing

@Suite struct FileLockTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    @Test func oneOwnerAtATimeHoldsALock() throws {
        let path = folder.file("lock")
        var first = try FileLock(path)
        #expect(first != nil)
        #expect(try FileLock(path) == nil)
        first = nil
        let second = try FileLock(path)
        #expect(second != nil)
        #expect(try FileLock(path) == nil)
        withExtendedLifetime(second) {}
    }

    @Test func lookingAtALockChangesNothing() throws {
        let path = folder.file("lock")
        #expect(FileLock.isHeld(path) == false)
        #expect(File.size(path) == nil)
        let lock = try FileLock(path)
        #expect(FileLock.isHeld(path))
        withExtendedLifetime(lock) {}
    }

    @Test func locksOfDifferentFilesAreIndependent() throws {
        let one = try FileLock(folder.file("one"))
        let other = try FileLock(folder.file("other"))
        #expect(one != nil)
        #expect(other != nil)
        withExtendedLifetime((one, other)) {}
    }

    @Test func aLockThatCannotBeCreatedIsAnError() {
        let path = folder.file("missing/lock")
        #expect(throws: FileError(file: path, reason: .missing)) { try FileLock(path) }
    }
}
