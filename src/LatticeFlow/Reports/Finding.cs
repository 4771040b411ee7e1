namespace LatticeFlow.Reports;

/// <summary>One thing that makes an analysis fail, in a sentence that names its place.</summary>
/// <param name="Sampler">Whose chain cannot be believed; null where it is the flow itself.</param>
/// <param name="Observable">Which of its observables; null: all of them.</param>
/// <param name="Text">The sentence.</param>
public sealed record Finding(string? Sampler, string? Observable, string Text)
{
    /// <summary>Whether it is one about this observable of this sampler.</summary>
    public bool IsAbout(string sampler, string observable) => Sampler == sampler && (Observable is null || Observable == observable);
}
