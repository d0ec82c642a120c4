// swift-tools-version: 6.1
import PackageDescription

let package = Package(
    name: "Ductus",
    platforms: [.macOS(.v15)],
    targets: [
        .systemLibrary(
            name: "CBLAS", pkgConfig: "openblas", providers: [.apt(["libopenblas-dev"]), .brew(["openblas"])]),
        .target(name: "CDuctusKernels"),
        .target(name: "DuctusTensors", dependencies: ["CBLAS", "CDuctusKernels"]),
        .target(name: "DuctusAutograd", dependencies: ["CDuctusKernels", "DuctusTensors"]),
    ],
    swiftLanguageModes: [.v6]
)
