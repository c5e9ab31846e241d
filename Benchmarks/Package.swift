// swift-tools-version: 6.2
import PackageDescription

// A package of its own, so that who depends on GradientHealth doesn't build it.
let package = Package(
  name: "gradient-health-benchmarks",
  dependencies: [.package(name: "gradient-health", path: "..")],
  targets: ["step", "check"].map { name in
    .executableTarget(
      name: name,
      dependencies: [.product(name: "GradientHealth", package: "gradient-health")],
      swiftSettings: [
        .enableUpcomingFeature("ExistentialAny"), .enableUpcomingFeature("MemberImportVisibility"),
      ])
  },
  swiftLanguageModes: [.v6]
)
