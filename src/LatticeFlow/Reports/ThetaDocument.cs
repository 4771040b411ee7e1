namespace LatticeFlow.Reports;

/// <summary>Expectation values with the weight e^{−S + iθQ}, reweighted from configurations with e^{−S}.</summary>
/// <param name="Theta">θ.</param>
/// <param name="AverageSign">⟨cos θQ⟩ = Z(θ)/Z(0), what the others are divided by.</param>
/// <param name="Observables">By name; of one that is odd in Q the imaginary part, its real part being zero. Empty where the average sign is not distinguishable from zero.</param>
public sealed record ThetaDocument(double Theta, ReweightedDocument AverageSign, IReadOnlyDictionary<string, ReweightedDocument> Observables);

/// <summary>A value with its error by the Γ-method, and the exact one where it is known.</summary>
public sealed record ReweightedDocument(double Mean, double Error, double? Exact, double? Pull);
