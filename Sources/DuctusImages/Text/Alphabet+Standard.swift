extension Alphabet {
    private static let letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
    private static let digits = "0123456789"
    private static let punctuation = "!\"#&'()*+,-./:;?"

    /// The 79 printable symbols of the IAM database: space, digits, letters, punctuation; the blank is class 0.
    public static let iam = Alphabet(" " + digits + letters + punctuation)

    /// Letters of English, French and other languages in the Latin script, accents as characters of their own, digits
    /// and punctuation; the blank is class 0.
    public static let latin = Alphabet(
        decomposed: iam.characters + "%$€=<>[]{}^_°«»œæŒ" + "\u{300}\u{301}\u{302}\u{303}\u{308}\u{327}")

    /// The symbols of ``iam`` and the newline, for paragraphs.
    public static let iamParagraphs = Alphabet(iam.characters + "\n")

    /// The 80 classes of the Full Stack Deep Learning text recognizer (2018 – 2020) and its published weights:
    /// digits, letters, space, punctuation; the blank, which is also the padding, is class 79.
    public static let fsdl80 = Alphabet(digits + letters + " " + punctuation, blank: 79)
}
