// swift-tools-version: 6.1
import PackageDescription

/// What only the server needs is not even downloaded for a package that depends on this one with `traits: []`.
let serving = TargetDependencyCondition.when(traits: ["Serving"])

/// The files that come with a target, in a folder beside the program. SwiftPM accesses them with Foundation, of which a program
/// that is linked statically then has 40 MB; Ductus does without. A script that copies the files itself says so.
func files(_ folder: String) -> (exclude: [String], resources: [Resource]) {
    Context.environment["DUCTUS_COPIES_FILES"] == nil ? ([], [.copy(folder)]) : ([folder], [])
}

let package = Package(
    name: "Ductus",
    platforms: [.macOS(.v15)],
    products: [
        .library(name: "Ductus", targets: ["Ductus"]),
        .library(name: "DuctusTensors", targets: ["DuctusTensors"]),
        .library(name: "DuctusLinearAlgebra", targets: ["DuctusLinearAlgebra"]),
        .library(name: "DuctusReading", targets: ["DuctusReading"]),
        .library(name: "DuctusSynthesis", targets: ["DuctusSynthesis"]),
        .library(name: "DuctusCharts", targets: ["DuctusCharts"]),
        .library(name: "DuctusReports", targets: ["DuctusReports"]),
        .library(name: "DuctusCommand", targets: ["DuctusCommand"]),
        .library(name: "DuctusServing", targets: ["DuctusServing"]),
        .executable(name: "ductus", targets: ["DuctusMain"]),
        .executable(name: "ductus-server", targets: ["DuctusServerMain"]),
    ],
    traits: [
        .default(enabledTraits: ["Serving"]),
        .trait(name: "Serving", description: "The server, ductus-server, and the library DuctusServing."),
        .trait(name: "MPI", description: "Training, evaluation, and reading on several processes and hosts."),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.5.0"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
        .package(url: "https://github.com/swiftlang/swift-docc-plugin", from: "1.4.0"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1", traits: []),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.0.0"),
        .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.14.0"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.0"),
        .package(url: "https://github.com/apple/swift-nio-extras", from: "1.34.1"),
        .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.2"),
        .package(url: "https://github.com/apple/swift-distributed-tracing", from: "1.6.0"),
    ],
    targets: [
        .systemLibrary(
            name: "CBLAS", pkgConfig: "openblas", providers: [.apt(["libopenblas-dev"]), .brew(["openblas"])]),
        .systemLibrary(
            name: "CLAPACKE", pkgConfig: "lapacke", providers: [.apt(["liblapacke-dev"]), .brew(["openblas"])]),
        .systemLibrary(
            name: "CPNG", pkgConfig: "libpng", providers: [.apt(["libpng-dev"]), .brew(["libpng"])]),
        .systemLibrary(
            name: "CJPEG", pkgConfig: "libjpeg", providers: [.apt(["libjpeg-dev"]), .brew(["jpeg-turbo"])]),
        .systemLibrary(
            name: "CTIFF", pkgConfig: "libtiff-4", providers: [.apt(["libtiff-dev"]), .brew(["libtiff"])]),
        .systemLibrary(
            name: "CWebP", pkgConfig: "libwebp", providers: [.apt(["libwebp-dev"]), .brew(["webp"])]),
        .systemLibrary(
            name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"]), .brew(["zlib"])]),
        .systemLibrary(
            name: "CFreeType", pkgConfig: "freetype2", providers: [.apt(["libfreetype-dev"]), .brew(["freetype"])]),
        // Any MPI library with a pkg-config file: DUCTUS_MPI=mpich.
        .systemLibrary(
            name: "CMPI", pkgConfig: Context.environment["DUCTUS_MPI"] ?? "ompi-c",
            providers: [.apt(["libopenmpi-dev"]), .brew(["open-mpi"])]),
        .target(
            name: "CDuctusMPI", dependencies: [.target(name: "CMPI", condition: .when(traits: ["MPI"]))],
            cSettings: [.define("DUCTUS_MPI", .when(traits: ["MPI"]))]),
        .target(name: "CDuctusKernels"),
        .target(name: "CDuctusImages", dependencies: ["CPNG", "CJPEG", "CTIFF", "CWebP"]),
        .target(name: "DuctusFiles", dependencies: ["CZlib"]),
        .target(name: "DuctusTensors", dependencies: ["CBLAS", "CDuctusKernels", "DuctusFiles"]),
        .target(name: "DuctusLinearAlgebra", dependencies: ["CLAPACKE", "DuctusTensors"]),
        .target(name: "DuctusImages", dependencies: ["CDuctusImages", "DuctusTensors"]),
        .target(name: "DuctusAutograd", dependencies: ["CDuctusKernels", "DuctusTensors"]),
        .target(name: "DuctusData", dependencies: ["CDuctusKernels", "DuctusImages"]),
        .target(name: "DuctusLayers", dependencies: ["DuctusAutograd"]),
        .target(name: "DuctusNetworks", dependencies: ["DuctusLayers"]),
        .target(
            name: "DuctusReading", dependencies: ["DuctusImages", "DuctusNetworks"], exclude: files("Weights").exclude,
            resources: files("Weights").resources),
        .target(name: "DuctusModels", dependencies: ["CDuctusKernels", "DuctusData", "DuctusNetworks"]),
        .target(name: "DuctusMPI", dependencies: ["CDuctusMPI", "DuctusModels"]),
        .target(name: "DuctusExperiments", dependencies: ["DuctusModels", "DuctusReading"]),
        .target(name: "DuctusTracking", dependencies: ["DuctusExperiments"]),
        .target(name: "DuctusHandwriting", dependencies: ["DuctusTracking"]),
        .target(name: "DuctusSynthesis", dependencies: ["CFreeType", "DuctusData"]),
        .target(
            name: "DuctusManifests", dependencies: ["DuctusData", .product(name: "Yams", package: "Yams")],
            resources: [.copy("DataSets")]),
        .target(name: "DuctusCharts", dependencies: ["CFreeType", "DuctusImages"]),
        .target(name: "Ductus", dependencies: ["DuctusHandwriting", "DuctusLinearAlgebra"]),
        .target(name: "DuctusReports", dependencies: ["DuctusCharts", "DuctusHandwriting"]),
        .target(
            name: "DuctusCommand",
            dependencies: [
                "Ductus", "DuctusManifests", "DuctusReports", "DuctusSynthesis",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ]),
        .executableTarget(name: "DuctusMain", dependencies: ["DuctusCommand", "DuctusMPI"]),
        .target(
            name: "DuctusServing",
            dependencies: [
                "DuctusReading",
                .product(name: "Hummingbird", package: "hummingbird", condition: serving),
                .product(name: "HummingbirdCore", package: "hummingbird", condition: serving),
                .product(name: "HTTPTypes", package: "swift-http-types", condition: serving),
                .product(name: "Logging", package: "swift-log", condition: serving),
                .product(name: "NIOCore", package: "swift-nio", condition: serving),
                .product(name: "NIOHTTP1", package: "swift-nio", condition: serving),
                .product(name: "NIOPosix", package: "swift-nio", condition: serving),
                .product(name: "NIOHTTPTypes", package: "swift-nio-extras", condition: serving),
                .product(name: "NIOHTTPTypesHTTP1", package: "swift-nio-extras", condition: serving),
                .product(name: "NIOSSL", package: "swift-nio-ssl", condition: serving),
                .product(name: "Instrumentation", package: "swift-distributed-tracing", condition: serving),
                .product(name: "Tracing", package: "swift-distributed-tracing", condition: serving),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle", condition: serving),
                .product(name: "UnixSignals", package: "swift-service-lifecycle", condition: serving),
            ],
            exclude: files("Resources").exclude, resources: files("Resources").resources),
        .executableTarget(
            name: "DuctusServerMain",
            dependencies: [
                "DuctusServing", .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Logging", package: "swift-log", condition: serving),
            ]),
        .target(
            name: "LabKit", dependencies: ["Ductus", "DuctusCharts"], path: "Examples/LabKit", packageAccess: false),
        .executableTarget(
            name: "LabTour", dependencies: ["Ductus", "LabKit"], path: "Examples/Tour", packageAccess: false),
        .executableTarget(
            name: "LabCharacters", dependencies: ["Ductus", "LabKit"], path: "Examples/Characters", packageAccess: false
        ),
        .executableTarget(
            name: "LabLines", dependencies: ["Ductus", "LabKit"], path: "Examples/Lines", packageAccess: false),
        .executableTarget(
            name: "LabCRNN", dependencies: ["Ductus", "LabKit"], path: "Examples/CRNN", packageAccess: false),
        .executableTarget(
            name: "LabAttention", dependencies: ["Ductus", "LabKit"], path: "Examples/Attention", packageAccess: false),
        .executableTarget(
            name: "LabExperiments", dependencies: ["Ductus", "DuctusManifests", "DuctusReports", "LabKit"],
            path: "Examples/LabExperiments", packageAccess: false),
        .executableTarget(
            name: "LabParagraphs", dependencies: ["Ductus", "LabKit"], path: "Examples/Paragraphs", packageAccess: false
        ),
        .testTarget(name: "ArchitectureTests"),
        .testTarget(
            name: "DuctusLinearAlgebraTests", dependencies: ["DuctusLinearAlgebra", "DuctusTestSupport"]),
        .target(name: "DuctusTestSupport", dependencies: ["CZlib", "DuctusAutograd"], path: "Tests/Support"),
        .testTarget(
            name: "DuctusNumericsTests", dependencies: ["DuctusAutograd", "DuctusLinearAlgebra", "DuctusTestSupport"]),
        .testTarget(
            name: "DuctusTensorsTests", dependencies: ["CDuctusKernels", "DuctusTensors", "DuctusTestSupport"]),
        .testTarget(
            name: "DuctusAutogradTests", dependencies: ["CDuctusKernels", "DuctusAutograd", "DuctusTestSupport"]),
        .target(
            name: "DuctusHandwritingTestSupport", dependencies: ["DuctusHandwriting"], path: "Tests/HandwritingSupport"),
        .testTarget(name: "DuctusFilesTests", dependencies: ["DuctusFiles", "DuctusTestSupport"]),
        .testTarget(name: "DuctusImagesTests", dependencies: ["CZlib", "DuctusImages", "DuctusTestSupport"]),
        .testTarget(name: "DuctusLayersTests", dependencies: ["DuctusLayers", "DuctusTestSupport"]),
        .testTarget(name: "DuctusNetworksTests", dependencies: ["DuctusModels", "DuctusTestSupport"]),
        .testTarget(name: "DuctusDataTests", dependencies: ["DuctusData", "DuctusTestSupport"]),
        .testTarget(name: "DuctusManifestsTests", dependencies: ["CZlib", "DuctusManifests", "DuctusTestSupport"]),
        .testTarget(name: "DuctusSynthesisTests", dependencies: ["DuctusSynthesis", "DuctusTestSupport"]),
        .testTarget(name: "DuctusChartsTests", dependencies: ["DuctusCharts", "DuctusTestSupport"]),
        .testTarget(name: "DuctusModelsTests", dependencies: ["DuctusModels", "DuctusTestSupport"]),
        .testTarget(name: "DuctusReadingTests", dependencies: ["DuctusHandwritingTestSupport", "DuctusTestSupport"]),
        .testTarget(
            name: "DuctusExperimentsTests", dependencies: ["DuctusHandwritingTestSupport", "DuctusTestSupport"]),
        .testTarget(
            name: "DuctusTrackingTests", dependencies: ["DuctusHandwritingTestSupport", "DuctusTestSupport"]),
        .testTarget(
            name: "DuctusHandwritingTests", dependencies: ["DuctusHandwritingTestSupport", "DuctusTestSupport"]),
        .testTarget(
            name: "DuctusReportsTests",
            dependencies: ["DuctusHandwritingTestSupport", "DuctusReports", "DuctusTestSupport"]),
        .testTarget(
            name: "DuctusCommandTests",
            dependencies: ["DuctusMain", "DuctusHandwritingTestSupport", "DuctusTestSupport"]),
        .testTarget(
            name: "DuctusServingTests",
            dependencies: [
                "DuctusServing", "DuctusTestSupport",
                .product(name: "NIOEmbedded", package: "swift-nio", condition: serving),
                .product(name: "NIOSSL", package: "swift-nio-ssl", condition: serving),
                .product(name: "InMemoryTracing", package: "swift-distributed-tracing", condition: serving),
            ]),
    ],
    swiftLanguageModes: [.v6]
)
