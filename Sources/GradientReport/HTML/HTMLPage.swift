import Foundation
import GradientDiagnosis

/// A report as one page for a browser, which asks nothing of anybody: style, script, figures and pictures are in it.
///
/// The words are those of the Markdown report. In the place of its overview stands the run itself, to be looked at step by
/// step; without a script, the overview.
struct HTMLPage {
  var page: ReportPage
  var data: PageData
  /// Each picture, by the name of its file.
  var pictures: [String: ThemedPicture]

  /// The whole page.
  ///
  /// - Throws: what encoding its figures throws.
  func html() throws -> String {
    let style = PageColors.rules + Self.text(PackageResources.report_css)
    let script = Self.scripts.map(Self.text).joined(separator: "\n")
    let markdown = RenderedMarkdown(pictures: pictures)
    let verdict = HTML.text(page.verdictName)
    let title = HTML.text("\(page.label): \(page.headline)")
    return """
      <!DOCTYPE html>
      <html lang="en">
      <head>
      <meta charset="utf-8">
      <meta http-equiv="Content-Security-Policy" content="\(Self.policy(style: style, script: script))">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <title>\(title)</title>
      <link rel="icon" href="data:,">
      <style>\(style)</style>
      </head>
      <body>
      <header>
      <h1><span class="verdict \(verdict)">\(HTML.text(page.label))</span> \(HTML.text(Wording.capitalized(page.headline)))</h1>
      \(markdown.html(page.summary))
      </header>
      <main>
      <section class="cause">
      \(blocks(page.rootCause, markdown))
      </section>
      \(Self.explorer)
      <noscript>
      \(markdown.html(page.overview))
      </noscript>
      <section class="details">
      \(blocks(page.sections, markdown))
      </section>
      </main>
      <script type="application/json" id="run">\(HTML.json(try data.json()))</script>
      <script>\(script)</script>
      </body>
      </html>
      \(ReportFolder.marker([]))

      """
  }

  private func blocks(_ blocks: [String], _ markdown: RenderedMarkdown) -> String {
    blocks.map(markdown.html).joined(separator: "\n")
  }

  /// Nothing may be loaded, and of what is in the page only this style, this script and pictures count.
  private static func policy(style: String, script: String) -> String {
    func source(_ text: String) -> String {
      "'sha256-\(Data(SHA256.hash(Array(text.utf8))).base64EncodedString())'"
    }
    return "default-src 'none'; img-src data:; style-src \(source(style)); "
      + "script-src \(source(script)); base-uri 'none'; form-action 'none'"
  }

  /// What the page runs, in this order.
  private static let scripts = [
    PackageResources.figures_js, PackageResources.colors_js, PackageResources.map_js,
    PackageResources.rows_js, PackageResources.loss_js, PackageResources.marks_js,
    PackageResources.layer_js, PackageResources.report_js,
  ]

  private static func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }

  /// What the script fills with the run; hidden where there is none.
  private static let explorer = """
    <section id="explorer" aria-label="The run, step by step" hidden>
    <div class="tools">
    <button id="flow" type="button" title="Show how δ goes from the output back to the input (B)">↑ Watch δ flow back</button>
    <div class="steps">
    <button id="play" type="button" aria-label="Play the steps">▶</button>
    <input id="step" type="range" aria-label="Step">
    <output id="when" for="step"></output>
    </div>
    <div id="quantities" role="radiogroup" aria-label="What to show of each layer"></div>
    </div>
    <div id="findings" role="group" aria-label="Go to a finding"></div>
    <p id="story" aria-live="polite"></p>
    <p id="legend"></p>
    <div class="stage">
    <div class="map">
    <canvas id="map" tabindex="0" role="application" aria-describedby="keys"></canvas>
    <div id="tip" role="tooltip" hidden></div>
    <p id="keys">Click a layer or a step, or use the arrow keys; space plays, B lets δ flow back.</p>
    </div>
    <aside id="layer" aria-label="The selected layer"></aside>
    </div>
    </section>
    """
}
