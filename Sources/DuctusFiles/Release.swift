/// Which Ductus this is.
public enum Release {
    /// The version, as in semantic versioning.
    public static let version = "0.7.0"
}
