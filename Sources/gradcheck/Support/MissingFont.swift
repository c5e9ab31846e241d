import GradientHealth

/// Says on stderr that charts are set in a poorer font than they are meant to be, where that is so.
func tellOfMissingFont() {
  guard FontFile.find() == nil else { return }
  complain(
    "no DejaVuSans.ttf in \(FontFile.searched): charts are set in a small font of Latin letters "
      + "alone; install fonts-dejavu-core, or name the font's folder in \(FontFile.variable)")
}
