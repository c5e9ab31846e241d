import Backpropagation
import Foundation
import GradientModelFiles
import Testing

/// The files that scikit-learn bundles; counts and sums were computed by another reader.
struct RealDataTests {
  @Test func digits() throws {
    let content = try CSVSource(file: fixture("digits.csv.gz")).read()
    #expect(content.description == "no header, 64 features, target: last column, 10 classes")
    #expect(content.dataset.inputShape == [64])
    #expect(content.dataset.inputs.reduce(0, +) == 561_718)
    guard case .classes(let classes, let names, _) = content.dataset.targets else {
      Issue.record("expected classes")
      return
    }
    #expect(names == [])
    let counts = Dictionary(grouping: classes) { $0 }.mapValues(\.count)
    #expect((0..<10).map { counts[$0] } == [178, 182, 177, 183, 181, 182, 181, 179, 174, 180])
    #expect(try Dataset(csv: fixture("digits.csv.gz"), target: .last) == content.dataset)
  }

  @Test(arguments: [
    ("iris.csv", 150, 4, 3, 2078.7), ("wine_data.csv", 178, 13, 3, 159975.295999),
    ("breast_cancer.csv", 569, 30, 2, 1_056_474.4596356),
  ])
  func filesWithALineOfCounts(
    name: String, count: Int, features: Int, classes: Int, sum: Double
  ) throws {
    let content = try CSVSource(file: fixture(name), skipRows: 1).read()
    #expect(
      content.description
        == "no header, \(features) features, target: last column, \(classes) classes")
    #expect(content.dataset.count == count)
    #expect(abs(content.dataset.inputs.reduce(0, +) - sum) < 1e-6)
  }

  @Test func targetsInASecondFile() throws {
    let diabetes = try CSVSource(
      file: fixture("diabetes_data_raw.csv.gz"), targetFile: fixture("diabetes_target.csv.gz"),
      targets: [], labels: .numbers
    ).read()
    #expect(diabetes.dataset.inputShape == [10])
    #expect(abs(diabetes.dataset.inputs.reduce(0, +) - 276404.2336) < 1e-6)
    guard case .values(let values, 1) = diabetes.dataset.targets else {
      Issue.record("expected one number an example")
      return
    }
    #expect(values.count == 442 && values.reduce(0, +) == 67243)
    #expect(
      diabetes.description
        == "no header, separated by spaces, 10 features, target: the column of "
        + "\"diabetes_target.csv.gz\", numbers")
  }

  @Test func severalTargetsWithHeaders() throws {
    let linnerud = try CSVSource(
      file: fixture("linnerud_exercise.csv"), targetFile: fixture("linnerud_physiological.csv"),
      targets: ["Pulse", "Weight"]
    ).read()
    guard case .values(let values, 2) = linnerud.dataset.targets else {
      Issue.record("expected two numbers an example")
      return
    }
    #expect(linnerud.dataset.count == 20)
    #expect(values[..<2] == [50, 191])
    #expect(stride(from: 0, to: 40, by: 2).map { values[$0] }.reduce(0, +) == 1122)
    #expect(linnerud.dataset.inputs[..<3] == [5, 162, 60])
    #expect(linnerud.description.hasPrefix("header, separated by spaces, 3 features, target: "))
    #expect(linnerud.description.hasSuffix(", 2 numbers each"))
  }
}
