/// This release of Ductus.
public enum Release {
    /// The semantic version.
    public static let version = "0.7.0"

    /// The version of the Swift compiler that it was built with.
    package static var compiler: String {
        #if compiler(>=6.4)
            "Swift 6.4 or newer"
        #elseif compiler(>=6.3)
            "Swift 6.3"
        #elseif compiler(>=6.2)
            "Swift 6.2"
        #else
            "Swift 6.1"
        #endif
    }
}
