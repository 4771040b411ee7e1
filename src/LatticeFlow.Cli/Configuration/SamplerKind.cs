namespace LatticeFlow.Cli.Configuration;

/// <summary>A sampler that a configuration can name. It stands in the file of its settings, and in one line of <see cref="SamplerRegistry.All"/>.</summary>
/// <param name="Name">The word after <c>sampler =</c>.</param>
/// <param name="Keys">Its own keys.</param>
/// <param name="Read">Reads them; keys of other samplers are refused afterwards.</param>
public readonly record struct SamplerKind(string Name, IReadOnlyList<string> Keys, Func<SectionReader, TheorySettings, TransitionSettings> Read)
{
    /// <summary>Whether it may be a part of a mixture.</summary>
    public bool IsPart { get; init; }

    /// <summary>Whether it leaves something as it is for ever, so that it samples nothing alone: it has to have others beside it in a mixture or on a ladder.</summary>
    public bool NeedsOthers { get; init; }

    /// <summary>Whether it may move the lattices of a ladder of actions.</summary>
    public bool IsPartOfLadder { get; init; }
}
