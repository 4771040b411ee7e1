namespace LatticeFlow.Interchange;

/// <summary>One configuration that will be imported: where it is and what is said about its place.</summary>
/// <param name="Path">Of the file that is read.</param>
/// <param name="Name">As the user named the file; of a pipe another one than <paramref name="Path"/>.</param>
/// <param name="IsNamed">Whether the name belongs to the content: not that of a pipe.</param>
/// <param name="Format">Of the file.</param>
/// <param name="Entry">Number of the configuration within the file.</param>
/// <param name="Entries">Configurations in the file.</param>
/// <param name="Said">By the file.</param>
public sealed record ChainSource(string Path, string Name, bool IsNamed, IGaugeFileFormat Format, int Entry, int Entries, GaugeFileEntry Said)
{
    /// <summary>For messages.</summary>
    internal string Described => Entries == 1 ? Name : $"{Name} (configuration {Entry})";
}

/// <summary>A configuration and its place in the ensemble.</summary>
public sealed record ChainPlace(ChainSource Source, long Replica, long Step);
