/// Whether a message is a single line with one sentence that begins with the file it is about.
package func isOneSentence(_ message: String, about file: String) -> Bool {
    message.hasPrefix("\(file): ") && message.hasSuffix(".") && !message.contains("\n") && message.count < 500
}
