import Foundation
import GradientTrace
import GzipIO
import Testing

@Suite struct CSVTests {
  @Test func aRowForEachNumber() throws {
    let header = TraceHeader(
      producer: "tests 1", run: RunDescription(),
      layers: [
        LayerDescription(name: "in, \"put\"", kind: "input"),
        LayerDescription(
          name: "=1+1", kind: "dense",
          parameters: [ParameterDescription(name: "weight", shape: [2, 3])]),
      ])
    let step = StepRecord(
      step: 7, epoch: 0, loss: .nan, learningRate: 0.1, optimizer: "adam",
      layers: [
        LayerRecord(activation: TensorStatistics(count: 12, mean: -0.5)),
        LayerRecord(
          delta: TensorStatistics(rms: Double(Float(0.1)), max: .infinity),
          parameters: [ParameterStatistics(gradientRMS: 1e-9, frozen: true)], silentUnits: 1),
      ])
    var csv: [UInt8] = []
    try Trace(header: header, steps: [step]).writeCSV { csv += $0 }
    #expect(
      String(decoding: csv, as: UTF8.self) == #"""
        step,layer,tensor,statistic,value
        7,,,epoch,0
        7,,,loss,NaN
        7,,,learningRate,0.1
        7,,,optimizer,adam
        7,"in, ""put""",activation,count,12
        7,"in, ""put""",activation,mean,-0.5
        7,'=1+1,layer,silentUnits,1
        7,'=1+1,delta,rms,0.1
        7,'=1+1,delta,max,Infinity
        7,'=1+1,weight,gradientRms,1e-09
        7,'=1+1,weight,frozen,1

        """#)
  }

  @Test func aNameWithGzIsPacked() throws {
    let folder = try TemporaryFolder()
    let trace = Trace(header: FullRun.header, steps: FullRun.steps)
    try trace.writeCSV(to: folder.path("run.csv"))
    try trace.writeCSV(to: folder.path("run.csv.gz"))
    let plain = try FileReader(path: folder.path("run.csv")).readToEnd()
    #expect(try FileReader(path: folder.path("run.csv.gz")).readToEnd() == plain)
    #expect(
      try Data(contentsOf: folder.url.appendingPathComponent("run.csv.gz")).count < plain.count)
  }
}
