namespace LatticeFlow.Reports;

/// <summary>Everything the report page shows, as plain data. Only <see cref="Analysis"/> is needed; what is absent is left out of the page.</summary>
public sealed record ReportData
{
    /// <summary>Title of the page: the run's name.</summary>
    public required string Name { get; init; }

    /// <summary>All numbers of tables and figures come from here, so page and <c>analysis.json</c> cannot differ.</summary>
    public required AnalysisDocument Analysis { get; init; }

    /// <summary>What makes the analysis fail; stands above everything else.</summary>
    public IReadOnlyList<Finding> Failures { get; init; } = [];

    /// <summary>What would, if <c>analyze.fail_on</c> did not leave it out.</summary>
    public IReadOnlyList<Finding> Tolerated { get; init; } = [];

    /// <summary>Rows of the provenance table, in order: configuration, version, commit, device, seed, command line, start, end …</summary>
    public IReadOnlyList<(string Name, string Value)> Provenance { get; init; } = [];

    /// <summary>The resolved configuration, shown folded; null: not shown.</summary>
    public string? ConfigurationText { get; init; }

    /// <summary>Series for the histories; a sampler without them has no history.</summary>
    public IReadOnlyList<EnsembleSeries> Ensembles { get; init; } = [];

    /// <summary>The training run, or null.</summary>
    public TrainingCurve? Training { get; init; }

    /// <summary>The fresh log-weights behind the block <c>flow</c>, or null.</summary>
    public IReadOnlyList<double>? LogWeights { get; init; }
}

/// <summary>One entry a recorded training step; each array is empty or as long as <see cref="Step"/>. Values that are not finite leave gaps.</summary>
/// <param name="Step">Optimiser steps.</param>
/// <param name="Loss">⟨log q + S⟩ of the batch: an upper bound of −ln Z.</param>
/// <param name="EffectiveSampleSize">Of the batch, as a fraction: biased upwards.</param>
/// <param name="VarianceOfLogWeight">Of the batch.</param>
public sealed record TrainingCurve(double[] Step, double[] Loss, double[] EffectiveSampleSize, double[] VarianceOfLogWeight);
