// swift-tools-version: 6.1
import PackageDescription

// A package of its own, so that nobody who uses Ductus fetches what measures it.
let package = Package(
    name: "DuctusBenchmarks",
    platforms: [.macOS(.v15)],
    products: [.executable(name: "case-server", targets: ["CaseServer"])],
    dependencies: [
        .package(name: "Ductus", path: ".."),
        // Without traits: no other allocator stands between the tensors and the system.
        .package(url: "https://github.com/ordo-one/benchmark", from: "1.38.1", traits: []),
    ],
    targets: [
        .target(name: "CMachine"),
        .target(
            name: "BenchmarkCases",
            dependencies: [
                .product(name: "Ductus", package: "Ductus"), .product(name: "DuctusLinearAlgebra", package: "Ductus"),
            ]),
        .executableTarget(name: "CaseServer", dependencies: ["BenchmarkCases", "CMachine"]),
        .executableTarget(
            name: "DuctusBenchmarks",
            dependencies: ["BenchmarkCases", .product(name: "Benchmark", package: "benchmark")],
            path: "Benchmarks/DuctusBenchmarks",
            plugins: [.plugin(name: "BenchmarkPlugin", package: "benchmark")]),
    ],
    swiftLanguageModes: [.v6]
)
