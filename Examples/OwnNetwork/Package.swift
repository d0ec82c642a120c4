// swift-tools-version: 6.1
import PackageDescription

// A separate package with its own network, data set, and task.
let package = Package(
    name: "OwnNetwork",
    platforms: [.macOS(.v15)],
    products: [.executable(name: "own-network", targets: ["OwnNetwork"])],
    dependencies: [.package(name: "Ductus", path: "../..")],
    targets: [
        .executableTarget(
            name: "OwnNetwork",
            dependencies: [
                .product(name: "Ductus", package: "Ductus"), .product(name: "DuctusCommand", package: "Ductus"),
            ]),
        .testTarget(name: "OwnNetworkTests", dependencies: ["OwnNetwork"]),
    ],
    swiftLanguageModes: [.v6]
)
