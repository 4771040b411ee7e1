namespace LatticeFlow.Cli.Configuration;

/// <summary>Where something was written: a line and column of a file (both from 1), or a command-line option.</summary>
/// <param name="Source">The file as the user named it, or the option as typed (<c>--set run.seed=3</c>).</param>
/// <param name="Line">Line in the file; 0 for an option, and for an error about the file as a whole.</param>
/// <param name="Column">Column in the file, counted in Unicode code points.</param>
public readonly record struct Place(string Source, int Line = 0, int Column = 0)
{
    /// <summary>True for something the user typed on the command line, which overrules the file.</summary>
    public bool IsOption => Source.StartsWith("--", StringComparison.Ordinal);

    public override string ToString() => Line == 0 ? Source : $"{Source}({Line},{Column})";
}
