public import ArgumentParser
public import DatasetIO
public import NeuralOperators
public import Problems
public import Studies
public import Training

// Options that are typed by the names of an enumeration; help lists them.
extension DarcyFamily.Axis: ExpressibleByArgument {}
extension DarcySolve.Method: ExpressibleByArgument {}
extension FaceMean: ExpressibleByArgument {}
extension GridKind: ExpressibleByArgument {}
extension FileFigure.View: ExpressibleByArgument {}
extension LayerNormalization: ExpressibleByArgument {}
extension NoiseLaw: ExpressibleByArgument {}
extension NoiseTarget: ExpressibleByArgument {}
extension NormalizerKind: ExpressibleByArgument {}
extension RateSchedule.Shape: ExpressibleByArgument {}
extension SolverKind: ExpressibleByArgument {}
extension SpectralInitialization: ExpressibleByArgument {}
extension SplitPart: ExpressibleByArgument {}
extension WeightLayout: ExpressibleByArgument {}

// One flag a format, such as `--csv`.
extension FieldExport.Format: EnumerableFlag {}
