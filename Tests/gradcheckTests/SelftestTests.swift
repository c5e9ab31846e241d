import Foundation
import Testing

/// `gradcheck selftest`: the checker shows that it catches what it should.
@Suite struct SelftestTests {
  @Test func theCheckerPasses() throws {
    let command = try Command()
    defer { command.clean() }
    let result = try command("selftest", "--format", "json")
    #expect(result.status == 0)
    #expect(result.errors == "")
    let document = try #require(
      JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any])
    #expect(document["format"] as? String == "gradient-selftest")
    #expect(document["version"] as? Int == 1)
    #expect(document["verdict"] as? String == "pass")
    let planted = try #require(document["planted"] as? Int)
    #expect(planted > 5_000)
    #expect(document["caught"] as? Int == planted)
    #expect((document["missed"] as? [Any])?.isEmpty == true)
    #expect((document["falseAlarms"] as? [Any])?.isEmpty == true)
    let networks = try #require(document["networks"] as? [[String: Any]])
    #expect(networks.count == 7)
    for network in networks {
      let planted = try #require(network["planted"] as? Int)
      #expect(planted > 50 && network["located"] as? Int == planted)
    }
    let entries = try #require(document["entries"] as? [[String: Any]])
    #expect(entries.allSatisfy { $0["planted"] as? Int == 28 && $0["located"] as? Int == 28 })
    let right = try #require(document["rightNetworks"] as? [[String: Any]])
    #expect(right.count == 12 && right.allSatisfy { $0["failed"] as? Int == 0 })
    #expect((document["faults"] as? [Any])?.isEmpty == true)
    let subjects = try #require(document["subjects"] as? [[String: Any]])
    let dense = try #require(subjects.first { $0["id"] as? String == "dense" })
    let mutations = try #require(dense["mutations"] as? [[String: Any]])
    #expect(mutations.count >= 14)
  }

  @Test func theScreenEndsWithTheSums() throws {
    let command = try Command()
    defer { command.clean() }
    let result = try command("selftest", "--seed", "2")
    #expect(result.status == 0)
    let lines = result.output.split(separator: "\n")
    #expect(lines.allSatisfy { $0.count <= 80 })
    #expect(lines.suffix(3).allSatisfy { $0.hasPrefix("  pass   ") }, "\(lines.suffix(5))")
    #expect(lines.contains { $0.hasPrefix("  dense  ") && $0.contains("✓") })
  }
}
