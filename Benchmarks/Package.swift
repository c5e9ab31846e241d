// swift-tools-version: 6.2
import PackageDescription

let strict: [SwiftSetting] = [
  .enableUpcomingFeature("ExistentialAny"), .enableUpcomingFeature("MemberImportVisibility"),
]

// A package of its own, so that who depends on GradientHealth doesn't build it.
let package = Package(
  name: "gradient-health-benchmarks",
  dependencies: [.package(name: "gradient-health", path: "..")],
  targets: ["step", "check", "charts", "corpus", "flakes", "baseline"].map { name in
    .executableTarget(
      name: name,
      dependencies: [.product(name: "GradientHealth", package: "gradient-health")],
      swiftSettings: strict)
  } + [
    .testTarget(
      name: "corpusTests",
      dependencies: ["corpus", .product(name: "GradientHealth", package: "gradient-health")],
      swiftSettings: strict)
  ],
  swiftLanguageModes: [.v6]
)
