import DuctusAutograd
import Testing

@Suite struct SnapshotTests {
    /// The identity of a parameter that is gone may be that of another.
    @Test func parametersLiveAsLongAsTheirSnapshot() {
        weak var parameter: Parameter?
        let snapshot = {
            let made = Parameter(.ones([4]))
            parameter = made
            return Snapshot(of: 0, [made])
        }()
        withExtendedLifetime(snapshot) { #expect(parameter != nil) }
    }
}
