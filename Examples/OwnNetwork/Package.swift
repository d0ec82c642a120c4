// swift-tools-version: 6.1
import PackageDescription

// A separate package with its own network, data set, and task; and, in one file, the same without experiments.
let package = Package(
    name: "OwnNetwork",
    platforms: [.macOS(.v15)],
    products: [
        .executable(name: "own-network", targets: ["OwnNetwork"]),
        .executable(name: "first-use", targets: ["FirstUse"]),
    ],
    dependencies: [.package(name: "Ductus", path: "../..")],
    targets: [
        .executableTarget(
            name: "OwnNetwork",
            dependencies: [
                .product(name: "Ductus", package: "Ductus"), .product(name: "DuctusCommand", package: "Ductus"),
            ]),
        .executableTarget(name: "FirstUse", dependencies: [.product(name: "Ductus", package: "Ductus")]),
        .testTarget(name: "OwnNetworkTests", dependencies: ["FirstUse", "OwnNetwork"]),
    ],
    swiftLanguageModes: [.v6]
)
