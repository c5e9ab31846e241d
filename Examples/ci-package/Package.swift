// swift-tools-version: 6.2
import PackageDescription

let package = Package(
  name: "digit-classifier",
  products: [.library(name: "DigitClassifier", targets: ["DigitClassifier"])],
  dependencies: [
    // The address that you cloned gradient-health from.
    .package(url: "https://example.org/gradient-health", from: "0.1.0")
  ],
  targets: [
    .target(
      name: "DigitClassifier",
      dependencies: [.product(name: "GradientHealth", package: "gradient-health")]),
    .testTarget(
      name: "DigitClassifierTests",
      dependencies: [
        "DigitClassifier", .product(name: "GradientTesting", package: "gradient-health"),
      ]),
  ]
)
