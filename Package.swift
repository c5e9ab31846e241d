// swift-tools-version: 6.2
import PackageDescription

let strict: [SwiftSetting] = [
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .treatAllWarnings(as: .error),
]

/// Settings of the modules that compute: optimized in debug builds too, so that tests of users run fast.
let numeric = strict + [.unsafeFlags(["-O"], .when(configuration: .debug))]

/// Settings of the C kernels, optimized in debug builds too.
let kernelFlags = ["-O2", "-fno-math-errno", "-Wall", "-Wextra", "-Werror"]

let package = Package(
  name: "gradient-health",
  products: [
    .executable(name: "gradcheck", targets: ["gradcheck"]),
    .library(name: "GradientHealth", targets: ["GradientHealth"]),
    .library(name: "GradientTesting", targets: ["GradientTesting"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0"),
    .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
    .package(url: "https://github.com/jpsim/Yams", from: "6.2.0"),
  ],
  targets: [
    // C libraries and kernels
    .target(
      name: "CLibGD", cSettings: [.unsafeFlags(kernelFlags)],
      linkerSettings: [.linkedLibrary("dl", .when(platforms: [.linux]))]),
    .systemLibrary(name: "CZlib", providers: [.apt(["zlib1g-dev"]), .brew(["zlib"])]),
    .systemLibrary(
      name: "CSQLite", providers: [.apt(["libsqlite3-dev"]), .brew(["sqlite"])]),
    .target(
      name: "CGradientKernels",
      cSettings: [.unsafeFlags(kernelFlags)], cxxSettings: [.unsafeFlags(kernelFlags)],
      linkerSettings: [
        .linkedLibrary("m"), .linkedLibrary("sleef"),
        .linkedLibrary("dl", .when(platforms: [.linux])),
      ]),

    // Right: the training core and its numeric check
    .target(
      name: "Backpropagation", dependencies: ["CGradientKernels", "GzipIO"],
      swiftSettings: numeric),
    .target(
      name: "GradientModelFiles",
      dependencies: ["Backpropagation", "GzipIO", .product(name: "Yams", package: "Yams")],
      swiftSettings: numeric),
    .target(
      name: "GradientChecking", dependencies: ["Backpropagation", "GzipIO"],
      swiftSettings: numeric),

    // Recorded
    .target(name: "GzipIO", dependencies: ["CZlib"], swiftSettings: numeric),
    .target(
      name: "GradientTrace",
      dependencies: ["CSQLite", "GzipIO", .product(name: "GRDB", package: "GRDB.swift")],
      swiftSettings: numeric),
    .target(
      name: "GradientRecording", dependencies: ["Backpropagation", "GradientTrace"],
      swiftSettings: numeric),

    // Judged and shown
    .target(
      name: "GradientDiagnosis", dependencies: ["GradientTrace", "GzipIO"], swiftSettings: numeric),
    .target(
      name: "GradientTrials",
      dependencies: [
        "Backpropagation", "GradientDiagnosis", "GradientModelFiles", "GradientRecording",
        "GradientTrace", "GzipIO",
      ],
      swiftSettings: numeric),
    .target(
      name: "GradientReport",
      dependencies: [
        "CLibGD", "GradientChecking", "GradientDiagnosis", "GradientTrace", "GradientTrials",
        "GzipIO",
      ],
      resources: [
        .embedInCode("HTML/report.css"), .embedInCode("HTML/Script/figures.js"),
        .embedInCode("HTML/Script/colors.js"), .embedInCode("HTML/Script/map.js"),
        .embedInCode("HTML/Script/rows.js"), .embedInCode("HTML/Script/loss.js"),
        .embedInCode("HTML/Script/marks.js"), .embedInCode("HTML/Script/layer.js"),
        .embedInCode("HTML/Script/report.js"),
      ],
      swiftSettings: numeric),

    // For users
    .target(
      name: "GradientHealth",
      dependencies: [
        "Backpropagation", "GradientChecking", "GradientDiagnosis", "GradientModelFiles",
        "GradientRecording", "GradientReport", "GradientTrace", "GradientTrials", "GzipIO",
      ],
      swiftSettings: strict),
    .target(name: "GradientTesting", dependencies: ["GradientHealth"], swiftSettings: strict),
    .executableTarget(
      name: "gradcheck",
      dependencies: [
        "GradientHealth", .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      swiftSettings: strict),

    // Examples
    .executableTarget(
      name: "learn-digits", dependencies: ["GradientHealth"], path: "Examples/learn-digits",
      swiftSettings: strict),
    .executableTarget(
      name: "gan", dependencies: ["GradientHealth"], path: "Examples/gan",
      swiftSettings: strict),
    .executableTarget(
      name: "swish", dependencies: ["GradientHealth"], path: "Examples/swish",
      swiftSettings: strict),
    .target(
      name: "DigitClassifier", dependencies: ["GradientHealth"],
      path: "Examples/ci-package/Sources/DigitClassifier", swiftSettings: strict),
    .testTarget(
      name: "DigitClassifierTests", dependencies: ["DigitClassifier", "GradientTesting"],
      path: "Examples/ci-package/Tests/DigitClassifierTests", swiftSettings: strict),

    // Tests
    .testTarget(
      name: "BackpropagationTests", dependencies: ["Backpropagation", "CGradientKernels"],
      swiftSettings: strict),
    .testTarget(name: "GzipIOTests", dependencies: ["GzipIO"], swiftSettings: strict),
    .testTarget(
      name: "GradientTraceTests",
      dependencies: [
        "GradientTrace", "GzipIO", .product(name: "GRDB", package: "GRDB.swift"),
      ],
      resources: [.copy("Fixtures")], swiftSettings: strict),
    .testTarget(
      name: "GradientRecordingTests",
      dependencies: [
        "Backpropagation", "GradientModelFiles", "GradientRecording", "GradientTrace",
      ],
      resources: [.copy("Fixtures")], swiftSettings: strict),
    .testTarget(
      name: "GradientDiagnosisTests",
      dependencies: [
        "Backpropagation", "GradientDiagnosis", "GradientRecording", "GradientTrace", "GzipIO",
      ],
      resources: [.copy("Fixtures")], swiftSettings: strict),
    .testTarget(
      name: "GradientTrialsTests",
      dependencies: [
        "Backpropagation", "GradientDiagnosis", "GradientModelFiles", "GradientTrials", "GzipIO",
      ],
      swiftSettings: strict),
    .testTarget(
      name: "GradientReportTests",
      dependencies: [
        "GradientChecking", "GradientDiagnosis", "GradientReport", "GradientTrace",
        "GradientTrials", "GzipIO",
      ],
      swiftSettings: strict),
    .testTarget(
      name: "GradientModelFilesTests",
      dependencies: ["GradientModelFiles", "Backpropagation", "GzipIO"],
      resources: [.copy("Fixtures")], swiftSettings: strict),
    .testTarget(
      name: "GradientCheckingTests",
      dependencies: ["Backpropagation", "GradientChecking", "GradientModelFiles", "swish"],
      swiftSettings: strict),
    .testTarget(
      name: "GradientTestingTests", dependencies: ["GradientTesting"], swiftSettings: strict),
    .testTarget(
      name: "gradcheckTests",
      dependencies: [
        "GradientHealth", "gan", "gradcheck", "learn-digits",
        .product(name: "GRDB", package: "GRDB.swift"),
      ],
      swiftSettings: strict),
  ],
  swiftLanguageModes: [.v6],
  cxxLanguageStandard: .cxx17
)
