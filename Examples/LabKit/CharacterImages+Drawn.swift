import Ductus

extension CharacterImages {
    /// Characters that are drawn instead of written, for want of MNIST or EMNIST: so many of each in turn.
    ///
    /// Another seed draws other images. Digits and letters are drawn, unless others are given.
    public static func drawn(
        _ characters: String = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz", count: Int,
        seed: UInt64
    ) -> CharacterImages {
        let characters = Array(characters)
        let labels = (0..<count).map { $0 % characters.count }
        let pixels = labels.enumerated().flatMap { index, label in
            var pen = Pen(RandomStream(seed: seed).split(index))
            return pen.draw(characters[label])
        }
        return CharacterImages(pixels: pixels, labels: labels, classNames: characters.map(String.init))
    }
}
