@_exported public import Backpropagation
@_exported public import GradientChecking
@_exported public import GradientDiagnosis
@_exported public import GradientModelFiles
@_exported public import GradientRecording
@_exported public import GradientReport
@_exported public import GradientTrace
@_exported public import GzipIO
