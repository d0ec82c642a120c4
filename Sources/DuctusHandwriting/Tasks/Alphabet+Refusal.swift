extension Alphabet {
    /// The error for texts with characters outside the alphabet, with all of these characters.
    ///
    /// - Parameters:
    ///   - texts: the names and the texts of all samples.
    ///   - file: the configuration file.
    ///   - remedy: what to do, as a clause.
    func refusal(of texts: [(name: String, text: String)], file: String, remedy: String) -> ConfigurationError {
        var found: [Unicode.Scalar] = []
        var seen: Set<Unicode.Scalar> = []
        var names: [String] = []
        for (name, text) in texts {
            let unknown = unknownCharacters(in: text)
            if !unknown.isEmpty { names.append(name) }
            found += unknown.filter { seen.insert($0).inserted }
        }
        let characters = found.sorted().map(AlphabetError.name).joined(separator: ", ")
        return ConfigurationError(
            file,
            "\(names.count) of \(texts.count) texts, such as that of \(names.first ?? ""), have characters outside the "
                + "alphabet: \(characters); \(remedy)")
    }
}
