extension Alphabet {
    private static let letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
    private static let digits = "0123456789"
    private static let punctuation = "!\"#&'()*+,-./:;?"

    /// The 79 printable symbols of the IAM database: space, digits, letters, punctuation; the blank is class 0.
    public static let iam = Alphabet(" " + digits + letters + punctuation)

    /// Those of ``iam`` and the newline, for paragraphs.
    public static let iamParagraphs = Alphabet(iam.characters + "\n")

    /// The 80 classes of the Full Stack Deep Learning text recognizer (2018 – 2020) and its published weights:
    /// digits, capital and small letters, space, punctuation; the blank, which is its padding too, is class 79.
    public static let fsdl80 = Alphabet(digits + letters + " " + punctuation, blank: 79)
}
