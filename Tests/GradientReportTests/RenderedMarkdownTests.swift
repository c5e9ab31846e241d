import Testing

@testable import GradientReport

struct RenderedMarkdownTests {
  private let markdown = RenderedMarkdown(
    pictures: [
      "loss.png": ThemedPicture(
        light: "data:image/png;base64,AAAA", dark: "data:image/png;base64,BBBB")
    ])

  @Test(arguments: [
    ("# One", "<h1>One</h1>"), ("### 1. Two", "<h3>1. Two</h3>"),
    ("**Why.** It is.", "<p><strong>Why.</strong> It is.</p>"),
    (
      "in `dense-1`, `` a`b `` and `a\\|b`",
      "<p>in <code>dense-1</code>, <code>a`b</code> and <code>a|b</code></p>"
    ),
    ("- one\n- two", "<ul><li>one</li><li>two</li></ul>"),
    ("1. one\n2. two", "<ol><li>one</li><li>two</li></ol>"),
    (
      "![What it shows](loss.png)",
      "<picture><source media=\"screen and (prefers-color-scheme: dark)\" "
        + "srcset=\"data:image/png;base64,BBBB\">"
        + "<img alt=\"What it shows\" src=\"data:image/png;base64,AAAA\"></picture>"
    ),
    ("to [`a]\\|b`](#layer-3)", "<p>to <a href=\"#layer-3\"><code>a]|b</code></a></p>"),
    ("[x\\]y](#finding-1) z", "<p><a href=\"#finding-1\">x]y</a> z</p>"),
    ("<a name=\"layer-3\"></a>`a`", "<p><a id=\"layer-3\"></a><code>a</code></p>"),
    ("![Not there](other.png)", "<p>Not there</p>"),
    (
      "| a | b |\n| --- | --- |\n| 1 | x \\| y |",
      "<div class=\"table\"><table><thead><tr><th>a</th><th>b</th></tr></thead><tbody><tr><td>1</td><td>x | y</td></tr></tbody></table></div>"
    ),
  ])
  func whatReportsWriteIsKnown(block: String, html: String) {
    #expect(markdown.html(block) == html)
  }

  @Test(arguments: [
    "plain", "a|b", "<script>alert(1)</script>", "*x* _y_ `z` **w**", "[a](b)", "![a](loss.png)",
    "\"quoted\" & 'so'", "&amp; &lt;", "https://example.org", "back\\slash\\", "# heading",
    "- item",
    "1. item", "| cell |", "``", "`", "** **", "🦊 é 日本語", "&#60;b&#62;", "[a](#layer-1)",
    "<a name=\"layer-1\"></a>", "<a id=\"layer-1\">",
  ])
  func aTextFromOutsideIsShownAsItIs(text: String) {
    #expect(markdown.html("x " + Markdown.text(text)) == "<p>x \(HTML.text(text))</p>")
    let table = Markdown.table(["name"], [[Markdown.code(text)]]).joined(separator: "\n")
    #expect(markdown.html(table).contains("<td><code>\(HTML.text(text))</code></td>"))
  }

  @Test func whatIsNotClosedIsText() {
    #expect(markdown.html("a `b") == "<p>a `b</p>")
    #expect(markdown.html("**a") == "<p><strong>a</strong></p>")
    for link in ["[a](#layer-1", "[a](#Layer-1)", "[a](x.html)", "[`a](#layer-1", "[\\"] {
      #expect(markdown.html("x " + link).contains("<a") == false)
    }
    #expect(markdown.html("<img src=x>") == "<p>&lt;img src=x&gt;</p>")
  }
}
