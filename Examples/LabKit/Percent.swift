/// `97.4 %`
public func percent(_ share: Double?) -> String {
    guard let share, share.isFinite else { return "–" }
    return "\((share * 1000).rounded() / 10) %"
}
