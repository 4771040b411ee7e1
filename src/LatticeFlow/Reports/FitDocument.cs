using System.Text.Json.Serialization;

namespace LatticeFlow.Reports;

/// <summary>A fit. Its parameters stand among the observables as <c>name.parameter</c>.</summary>
public sealed record FitDocument
{
    /// <summary>As it was asked for.</summary>
    public required string Formula { get; init; }

    /// <summary>Names of the parameters.</summary>
    public required IReadOnlyList<string> Parameters { get; init; }

    /// <summary>Whether χ² has the correlations of the data.</summary>
    public required bool Correlated { get; init; }

    /// <summary>Why they were left out; null where they were not.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Uncorrelated { get; init; }

    public required double ChiSquared { get; init; }

    /// <summary>Points less parameters.</summary>
    public required int DegreesOfFreedom { get; init; }

    /// <summary>What χ² is on average where the model is right: without correlations it is not the degrees of freedom.</summary>
    public required double ExpectedChiSquared { get; init; }

    /// <summary>Probability of a χ² at least as large; null without degrees of freedom.</summary>
    public required double PValue { get; init; }

    /// <summary>χ², its degrees of freedom and its probability, in words.</summary>
    [JsonIgnore]
    public string Quality
    {
        get
        {
            string quality = DegreesOfFreedom == 0 ? "as many parameters as points"
                : Correlated ? FormattableString.Invariant($"chi2/dof = {ChiSquared:G4}/{DegreesOfFreedom}, p = {PValue:G3}")
                : FormattableString.Invariant($"chi2 = {ChiSquared:G4} where {ExpectedChiSquared:G4} is expected, {DegreesOfFreedom} degrees of freedom, p = {PValue:G3}");
            return Correlated ? $"{quality}, with all correlations" : $"{quality}; correlations are not in chi2, because {Uncorrelated}";
        }
    }

    public required IReadOnlyList<FitPointDocument> Points { get; init; }

    /// <summary>The model with its error, between the first and the last point.</summary>
    public required IReadOnlyList<FitCurveDocument> Curve { get; init; }
}

/// <summary>A point of a fit: x, the data with their error, and the model there.</summary>
public sealed record FitPointDocument(double X, double Value, double Error, double Model)
{
    /// <summary>The run it comes from, of a fit over several.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Run { get; init; }
}

/// <summary>The model at x, with the error that the parameters give it.</summary>
public sealed record FitCurveDocument(double X, double Value, double Error);
