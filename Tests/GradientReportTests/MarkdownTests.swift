import Testing

@testable import GradientReport

struct MarkdownTests {
  @Test(arguments: [
    ("dense-1", "dense-1"), ("a|b", "a\\|b"), ("<script>", "&lt;script&gt;"),
    ("*x* _y_ `z`", "\\*x\\* \\_y\\_ \\`z\\`"), ("[a](b)", "\\[a\\](b)"),
    ("two\nlines", "two\\\\u{a}lines"), ("@someone & #1", "&#64;someone &amp; \\#1"),
    ("https://example.org", "https&#58;//example.org"), ("$x$ ~y~", "\\$x\\$ \\~y\\~"),
  ])
  func textIsShownAndNotObeyed(text: String, escaped: String) {
    #expect(Markdown.text(text) == escaped)
  }

  @Test(arguments: [
    ("dense-1", "`dense-1`"), ("a`b", "``a`b``"), ("`", "`` ` ``"), ("a|b", "`a\\|b`"),
    ("<b>", "`<b>`"), ("", "` `"),
  ])
  func aNameIsCode(name: String, code: String) {
    #expect(Markdown.code(name) == code)
  }

  @Test(arguments: [
    ("‘first’ learns", "`first` learns"), ("in ‘a*b’, *c*", "in `a*b`, \\*c\\*"),
    ("no ‘end", "no ‘end"), ("it's dense-1's", "it's dense-1's"),
  ])
  func aNameInQuotesIsCodeInASentence(sentence: String, markdown: String) {
    #expect(Markdown.sentence(sentence) == markdown)
  }

  @Test(arguments: [
    ("relu-2", "relu-2"), ("../../etc/passwd", "-./../etc-passwd"), ("a b\n<c>", "a-b--c-"),
    ("层", "-"), ("", ""),
  ])
  func aFileNameIsSafe(name: String, file: String) {
    let made = Markdown.fileName(name)
    #expect(!made.contains("/"))
    #expect(!made.hasPrefix("."))
    if !name.contains("/") { #expect(made == file) }
  }

  @Test func aFileNameIsShort() {
    #expect(Markdown.fileName(String(repeating: "x", count: 500)).count == 60)
  }

  @Test func aTableHasARowALine() {
    #expect(
      Markdown.table(["a", "b"], [["1", "2"]]) == ["| a | b |", "| --- | --- |", "| 1 | 2 |"])
    #expect(Markdown.table(["a"], []).isEmpty)
  }
}
