/// Why a data set could not be read. Every description is one sentence with the file, the position in it and the
/// remedy.
public enum DatasetError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The data set, or a part of it, is not there.
    case missing(file: String, remedy: String)
    /// A line of a text file is malformed.
    case malformedLine(file: String, line: Int, reason: String)
    /// A binary file, or a data set as a whole, contradicts its format.
    case malformed(file: String, reason: String)
    /// There is no split of that name.
    case unknownSplit(name: String, file: String, available: [String])
    /// The classes of the data set are not those of a network.
    case otherClasses(network: String, data: String)
    /// A line lies outside the image of its page.
    case outside(line: String, file: String, width: Int, height: Int)
    /// The image of a page does not have the size to which the positions of its lines refer.
    case otherSize(file: String, width: Int, height: Int, imageWidth: Int, imageHeight: Int)
    /// No word of a text can be made of the images of characters.
    case unwritable(classes: String, maximumLength: Int)
    /// There is nothing to measure on; what should be there.
    case empty(String)
    /// A file could not be read.
    case unreadable(FileError)

    public var description: String {
        switch self {
        case .missing(let file, let remedy):
            "\(file): there is no such file; \(remedy)."
        case .malformedLine(let file, let line, let reason):
            "\(file), line \(line): \(reason); correct that line or download the file again."
        case .malformed(let file, let reason):
            "\(file): \(reason); download the file again."
        case .unknownSplit(let name, let file, let available):
            available.isEmpty
                ? "\(file): there is no split “\(name)”, nor any other; check the directory."
                : "\(file): there is no split “\(name)”; choose one of \(available.joined(separator: ", "))."
        case .otherClasses(let network, let data):
            "The network has the classes “\(network)”, but the data set has “\(data)”; choose weights trained on it."
        case .outside(let line, let file, let width, let height):
            "\(file): line “\(line)” is outside the page's image of \(width) × \(height) pixels; find the right image."
        case .otherSize(let file, let width, let height, let imageWidth, let imageHeight):
            "\(file): the positions of the lines refer to an image of \(width) × \(height) pixels, but the image has"
                + " \(imageWidth) × \(imageHeight); find the right image."
        case .unwritable(let classes, let length):
            "No word of the text has at most \(length) characters, all of them among “\(classes)”; choose another text."
        case .empty(let what):
            "There are no \(what) to measure on; check that the split has some, and that their images are there."
        case .unreadable(let error):
            error.description
        }
    }
}
