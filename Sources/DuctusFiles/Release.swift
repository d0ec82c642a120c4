/// This release of Ductus.
public enum Release {
    /// The semantic version.
    public static let version = "0.7.0"
}
