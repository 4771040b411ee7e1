using LatticeFlow.Fields;
using LatticeFlow.Sampling;
using LatticeFlow.Storage;

namespace LatticeFlow.Cli.Services;

/// <summary>The state of a chain as sections of a segment or a checkpoint: <c>NAME</c> (step, transitions, version), <c>NAME.action</c>, <c>NAME.transition</c>, and <c>NAME.field</c> unless the segment has it as rows.</summary>
public static class ChainSections
{
    /// <summary>Adds the state of a chain.</summary>
    public static StateSections Set(this StateSections sections, string name, SavedChain chain)
    {
        sections.Set(name, [chain.Step, chain.Transitions, chain.Version]).Set($"{name}.action", chain.Action).Set($"{name}.transition", chain.Transition);
        return chain.Field is null ? sections : sections.Set($"{name}.field", chain.Field);
    }

    /// <summary>The state of a chain. Configurations that were left out are those of the last rows of the segment.</summary>
    /// <exception cref="InvalidDataException">The sections are no state of a chain.</exception>
    /// <exception cref="StorageException">A section is missing, exit code 4.</exception>
    public static SavedChain GetChain(this StateSections sections, string name, FieldType type)
    {
        if (!sections.Has($"{name}.action")) return SavedChain.FromBytes(sections.GetBytes(name));
        var counts = sections.GetLongs(name);
        if (counts.Length != 3) throw new InvalidDataException($"a saved chain has {counts.Length} counters where 3 belong.");
        var field = sections.Has($"{name}.field") ? sections.GetDoubles($"{name}.field") : type.FromStored(sections.GetDoubles(StateSections.LastRows));
        return new(counts[0], counts[1], counts[2], field, sections.GetDoubles($"{name}.action"), sections.GetDoubles($"{name}.transition"));
    }
}
