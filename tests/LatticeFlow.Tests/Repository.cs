namespace LatticeFlow.Tests;

/// <summary>Files of the repository the tests run in.</summary>
internal static class Repository
{
    public static string Root { get; } = FindRoot();

    public static string PathOf(params string[] parts) => Path.Join([Root, .. parts]);

    private static string FindRoot()
    {
        var directory = new DirectoryInfo(AppContext.BaseDirectory);
        while (directory is not null && !File.Exists(Path.Join(directory.FullName, "LatticeFlow.sln"))) directory = directory.Parent;
        return directory?.FullName ?? throw new InvalidOperationException($"no LatticeFlow.sln above {AppContext.BaseDirectory}");
    }
}
