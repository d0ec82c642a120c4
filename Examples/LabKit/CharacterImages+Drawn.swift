import Ductus

extension CharacterImages {
    /// Synthetic characters, as a substitute for MNIST or EMNIST.
    ///
    /// - Parameters:
    ///   - characters: the characters, which alternate; digits and letters by default.
    ///   - count: the number of images.
    ///   - seed: the seed of their variations.
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
