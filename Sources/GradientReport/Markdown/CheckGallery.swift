import GradientChecking

/// The pictures of a gradient check.
struct CheckGallery {
  /// The analytic gradient against the numeric one; nil where no entries were kept.
  let agreement: Gallery.Picture?
  /// The error of the difference quotient against its step; nil where it wasn't measured.
  let curve: Gallery.Picture?

  var pictures: [Gallery.Picture] { [agreement, curve].compactMap(\.self) }

  /// Draws what `check` has the figures for.
  init(_ check: GradientCheck) {
    agreement = (try? AgreementChart(check)).map { Self.picture("check-agreement.png", $0) }
    curve = (try? StepCurveChart(check)).map { Self.picture("check-steps.png", $0) }
  }

  private static func picture(_ file: String, _ picture: some Picture) -> Gallery.Picture {
    Gallery.Picture(
      file: file, alternativeText: picture.alternativeText, draw: { picture.drawing(theme: $0) })
  }
}
