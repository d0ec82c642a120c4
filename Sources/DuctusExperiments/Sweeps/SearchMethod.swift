/// How a sweep chooses the configurations that it tries, and how long each of them is trained. Its properties are its settings.
///
/// ```json
/// "search": { "name": "halving", "trials": 27 }
/// ```
public protocol SearchMethod: Component {
    /// Whether all combinations of values are tried, rather than a number that is drawn at random.
    var isExhaustive: Bool { get }

    /// The groups of trials, each of which is decided by itself.
    ///
    /// - Parameters:
    ///   - epochs: the epochs of the configuration.
    ///   - combinations: the number of combinations of values, if the search is exhaustive.
    func brackets(epochs: Int, combinations: Int) -> [Bracket]
}

/// A group of trials that are trained alike, and of which fewer and fewer are trained for longer and longer.
public struct Bracket: Sendable, Equatable {
    /// A number of trials, the best so far, and the epoch until which they are trained; nil for the last of their
    /// configuration.
    public struct Rung: Sendable, Equatable {
        /// The number of trials.
        public let trials: Int
        /// The epoch at which they pause.
        public let epochs: Int?

        /// Creates a rung.
        public init(trials: Int, epochs: Int?) { (self.trials, self.epochs) = (trials, epochs) }
    }

    /// The rungs, the first with all trials.
    public let rungs: [Rung]

    /// Creates a bracket.
    public init(_ rungs: [Rung]) { self.rungs = rungs }

    /// The number of trials.
    public var trials: Int { rungs.first?.trials ?? 0 }

    /// A bracket of which the best of every `reduction` trials are trained `reduction` times longer, until the last epoch.
    static func halving(trials: Int, from first: Double, reduction: Int, epochs: Int) -> Bracket {
        var (rungs, count, length) = ([Rung](), trials, first)
        while true {
            let isLast = length * 1.000001 >= Double(epochs) || count <= 1
            rungs.append(Rung(trials: count, epochs: isLast ? nil : max(1, Int(length.rounded()))))
            if isLast { return Bracket(rungs) }
            (count, length) = (max(1, count / reduction), length * Double(reduction))
        }
    }
}

/// Tries all combinations of values.
public struct GridSearch: SearchMethod {
    public static let name = "grid"
    public var isExhaustive: Bool { true }

    /// There are no settings.
    public init() {}

    public func brackets(epochs: Int, combinations: Int) -> [Bracket] {
        [Bracket([.init(trials: combinations, epochs: nil)])]
    }
}

/// Tries combinations drawn at random (J. Bergstra and Y. Bengio, *Random Search for Hyper-Parameter Optimization*, 2012).
public struct RandomSearch: SearchMethod {
    public static let name = "random"
    /// The number of trials.
    public var trials = 10
    public var isExhaustive: Bool { false }

    /// The defaults.
    public init() {}

    public var problem: String? { problem("trials", trials, in: 1...100_000) }

    public func brackets(epochs: Int, combinations: Int) -> [Bracket] {
        [Bracket([.init(trials: trials, epochs: nil)])]
    }
}

/// Successive halving: all trials are trained for a few epochs, and the best third of them three times longer, until the last
/// epochs are reached (K. Jamieson and A. Talwalkar, *Non-stochastic Best Arm Identification and Hyperparameter Optimization*,
/// 2016).
public struct SuccessiveHalving: SearchMethod {
    public static let name = "halving"
    /// The number of trials.
    public var trials = 27
    /// One of how many trials is continued, and how many times longer it is trained.
    public var reduction = 3
    /// The epoch at which trials are first compared.
    public var minimumEpochs = 1
    public var isExhaustive: Bool { false }

    /// The defaults.
    public init() {}

    public var problem: String? {
        problem("trials", trials, in: 1...100_000) ?? problem("reduction", reduction, in: 2...100)
            ?? problem("minimumEpochs", minimumEpochs, in: 1...1_000_000)
    }

    public func brackets(epochs: Int, combinations: Int) -> [Bracket] {
        [.halving(trials: trials, from: Double(minimumEpochs), reduction: reduction, epochs: epochs)]
    }
}

/// Hyperband: brackets of successive halving, from many trials that are compared early to a few that are all trained to the
/// end, because it is not known how early trials can be compared.
///
/// With R epochs, a reduction η, and s_max = ⌊log_η R⌋, bracket s = s_max, …, 0 begins with
/// n = ⌈(s_max + 1) ηˢ / (s + 1)⌉ trials of R η⁻ˢ epochs (L. Li et al., *Hyperband: A Novel Bandit-Based Approach to
/// Hyperparameter Optimization*, 2018, algorithm 1).
public struct Hyperband: SearchMethod {
    public static let name = "hyperband"
    /// One of how many trials is continued, and how many times longer it is trained.
    public var reduction = 3
    public var isExhaustive: Bool { false }

    /// The defaults.
    public init() {}

    public var problem: String? { problem("reduction", reduction, in: 2...100) }

    public func brackets(epochs: Int, combinations: Int) -> [Bracket] {
        var (levels, power) = (0, 1)
        while power * reduction <= epochs { (levels, power) = (levels + 1, power * reduction) }
        return (0...levels).reversed().map { level in
            let factor = (0..<level).reduce(1) { power, _ in power * reduction }
            let trials = ((levels + 1) * factor + level) / (level + 1)
            return .halving(
                trials: trials, from: Double(epochs) / Double(factor), reduction: reduction, epochs: epochs)
        }
    }
}

extension Registries {
    /// The search methods that sweeps can choose.
    public static let searches = Registry<any Component.Type>(
        "search", [GridSearch.self, RandomSearch.self, SuccessiveHalving.self, Hyperband.self]
    ) { $0.name }
}
