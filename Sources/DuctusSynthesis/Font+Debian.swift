import DuctusData

extension Font {
    /// The handwriting fonts in Debian that are known to work well, with their packages and licenses.
    package static let debian: [(file: String, package: String, license: String)] = [
        ("Breip.ttf", "fonts-breip", "OFL-1.0"),
        ("DancingScript-Regular.otf", "fonts-dancingscript", "OFL-1.1"),
        ("dkg.ttf", "fonts-dkg-handwriting", "OFL-1.1"),
        ("dkgIt.ttf", "fonts-dkg-handwriting", "OFL-1.1"),
        ("Domestic_Manners.ttf", "fonts-dustin", "GPL-2+"),
        ("El_Abogado_Loco.ttf", "fonts-dustin", "GPL-2+"),
        ("Havana-Regular.otf", "fonts-havana", "OFL-1.1"),
        ("KaushanScript-Regular.otf", "fonts-kaushanscript", "OFL-1.1"),
        ("KleeOne-Regular.ttf", "fonts-klee", "OFL-1.1"),
        ("Kristi.ttf", "fonts-kristi", "OFL-1.1"),
        ("NanumPen.ttf", "fonts-nanum-extra", "OFL-1.1"),
        ("NanumBrush.ttf", "fonts-nanum-extra", "OFL-1.1"),
        ("Rufscript010.ttf", "fonts-rufscript", "GPL-3 with font exception"),
        ("Delphine.ttf", "fonts-sjfonts", "GPL-2+ with font exception"),
        ("SteveHand.ttf", "fonts-sjfonts", "GPL-2+ with font exception"),
        ("Chilanka-Regular.otf", "fonts-smc-chilanka", "OFL-1.1"),
        ("Purisa.ttf", "fonts-tlwg-purisa-ttf", "GPL-2+ with font exception"),
        ("Z003-MediumItalic.otf", "fonts-urw-base35", "AGPL-3 with font exception"),
        ("Bajaderka-Regular.otf", "fonts-bajaderka", "OFL-1.1"),
        ("jmacscrl.ttf", "fonts-aenigma", "GPL-2+"),
        ("madscrwl.ttf", "fonts-aenigma", "GPL-2+"),
        ("aescrawl.ttf", "fonts-aenigma", "GPL-2+"),
    ]

    /// The sorted names of the Debian packages with handwriting fonts.
    public static var debianPackages: [String] { Set(debian.map(\.package)).sorted() }

    /// The handwriting fonts of ``debianPackages`` found in some folders and their subfolders.
    ///
    /// - Throws: ``SynthesisError/noFonts(folders:packages:)``, naming the packages to install, if there are none.
    public static func handwriting(
        in folder: String = "/usr/share/fonts", characters: Alphabet = .iam
    ) throws(SynthesisError) -> [Font] {
        var files: [String: String] = [:]
        for path in fontFiles(in: folder) { files[String(path.split(separator: "/").last ?? ""), default: path] = path }
        let paths = debian.compactMap { files[$0.file] }
        guard !paths.isEmpty else { throw .noFonts(folders: [folder], packages: debianPackages) }
        return try read(paths, characters)
    }

    /// All fonts in some folders and their subfolders, whatever they look like.
    ///
    /// - Throws: ``SynthesisError`` if there are none, or if one cannot be read.
    public static func all(
        in folders: [String], characters: Alphabet = .iam
    ) throws(SynthesisError) -> [Font] {
        let paths = folders.flatMap { fontFiles(in: $0) }
        guard !paths.isEmpty else { throw .noFonts(folders: folders, packages: []) }
        return try read(paths, characters)
    }

    private static func read(_ paths: [String], _ characters: Alphabet) throws(SynthesisError) -> [Font] {
        let results = parallelMap(paths.count) { index in
            Result { () throws(SynthesisError) in try Font(contentsOf: paths[index], characters: characters) }
        }
        var fonts: [Font] = []
        for result in results { fonts.append(try result.get()) }
        return fonts
    }

    /// The sorted paths of the fonts in a folder and its subfolders.
    private static func fontFiles(in folder: String) -> [String] {
        File.names(in: folder).flatMap { name -> [String] in
            let path = "\(folder)/\(name)"
            if File.isDirectory(path) { return fontFiles(in: path) }
            return [".ttf", ".otf", ".pfb"].contains { name.lowercased().hasSuffix($0) } ? [path] : []
        }
    }
}
