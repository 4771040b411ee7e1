using System.Globalization;
using System.Runtime.InteropServices;

namespace LatticeFlow.Cli.Commands;

/// <summary>
/// <c>dotnet run</c> stands between a shell and this program. It passes SIGTERM on, and dies of every other signal (SIGINT apart) without a word: the program would go on alone, unseen by a batch
/// system, and hold its run. So it looks whether the <c>dotnet run</c> that started it is still there.
/// </summary>
internal sealed partial class LauncherWatch : IDisposable
{
    private static readonly TimeSpan _interval = TimeSpan.FromMilliseconds(200);
    private readonly Timer _timer;
    private int _ended;

    private LauncherWatch(int launcher, Action ended) => _timer = new Timer(
        _ =>
        {
            if (GetParent() != launcher && Interlocked.Exchange(ref _ended, 1) == 0) ended();
        },
        null, _interval, _interval);

    /// <summary>Calls <paramref name="ended"/> once when the <c>dotnet run</c> above this process is gone; null where there is none, or it cannot be seen.</summary>
    public static LauncherWatch? Start(Action ended)
    {
        if (!OperatingSystem.IsLinux()) return null;
        var parent = GetParent();
        return IsDotnetRun(parent) ? new(parent, ended) : null;
    }

    public void Dispose() => _timer.Dispose();

    private static bool IsDotnetRun(int process)
    {
        try
        {
            var words = File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{process}/cmdline")).Split('\0', StringSplitOptions.RemoveEmptyEntries);
            return words.Length > 1 && Path.GetFileName(words[0]) is "dotnet" && words.Skip(1).SkipWhile(word => word.StartsWith('-') || Path.GetFileName(word) is "dotnet.dll").FirstOrDefault() is "run";
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    [LibraryImport("libc", EntryPoint = "getppid")]
    private static partial int GetParent();
}
