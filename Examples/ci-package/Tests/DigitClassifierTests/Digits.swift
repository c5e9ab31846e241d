import DigitClassifier
import Foundation
import GradientHealth

/// The digits of the package's `data` folder.
func digits() throws -> DataSplit {
  let package = URL(filePath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
  return try DigitClassifier.digits(package.appending(path: "data/digits.csv.gz").path)
}
