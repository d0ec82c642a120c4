extension IAMDatabase {
    /// Joins the words of `ascii/lines.txt`, which are separated by `|`, with natural spacing.
    ///
    /// No space precedes `. , ; : ! ? )` and none follows `(`. Quotation marks keep a space on both sides: a line does
    /// not tell an opening mark from a closing one, and the database's own texts have these spaces, too.
    ///
    /// ```swift
    /// IAMDatabase.naturalText(words: "Party|(|280,000|members|)|and|Mr.|Foot|.")
    /// // "Party (280,000 members) and Mr. Foot."
    /// ```
    public static func naturalText(words: String) -> String {
        var text = ""
        var isAttached = true
        for word in words.split(separator: "|") {
            if !isAttached && !closing.contains(word) { text += " " }
            text += word
            isAttached = word == "("
        }
        return text
    }

    private static let closing: Set<Substring> = [".", ",", ";", ":", "!", "?", ")", "..."]
}
