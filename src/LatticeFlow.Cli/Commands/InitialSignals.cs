using System.Globalization;
using System.Runtime.InteropServices;

namespace LatticeFlow.Cli.Commands;

/// <summary>Which signals were ignored when the process began, as its parent left them; known on Linux.</summary>
internal static partial class InitialSignals
{
    // Read once, before anything is installed: a handler takes its signal out of the mask.
    private static readonly ulong _ignored = Read();

    /// <summary>Whether the signal with this number was ignored from the start. False where that cannot be known.</summary>
    public static bool Ignores(int signal) => signal > 0 && (_ignored >> (signal - 1) & 1) != 0;

    /// <summary>Takes back that the signal is ignored: .NET leaves an ignored one alone, even where a handler is registered.</summary>
    public static void Heed(int signal)
    {
        if (Ignores(signal)) _ = SetHandler(signal, 0);
    }

    // SIG_DFL is 0.
    [LibraryImport("libc", EntryPoint = "signal")]
    private static partial nint SetHandler(int signal, nint handler);

    private static ulong Read()
    {
        const string Field = "SigIgn:";
        if (!OperatingSystem.IsLinux()) return 0;
        try
        {
            var line = File.ReadLines("/proc/self/status").FirstOrDefault(line => line.StartsWith(Field, StringComparison.Ordinal));
            return ulong.TryParse(line?[Field.Length..].Trim(), NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var mask) ? mask : 0;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Without /proc every signal is watched.
            return 0;
        }
    }
}
