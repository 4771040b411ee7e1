using System.Runtime.InteropServices;

namespace LatticeFlow.Cli.Output;

/// <summary>stdout and stderr of the process. A stream that was closed when the process began is one that swallows everything.</summary>
/// <remarks>
/// Its number must not be used: the runtime, and after it the first file of a run, gets the lowest free one, and messages would be written into that file.
/// </remarks>
public static partial class StandardStreams
{
    private const int Out = 1;
    private const int Error = 2;

    /// <summary>Both, and whether a display may draw on stderr. To be called once, before anything is opened.</summary>
    public static (TextWriter Output, TextWriter Error) Open()
    {
        if (OperatingSystem.IsWindows()) return (Console.Out, Console.Error);
        var (hasOutput, hasError) = (IsInherited(Out), IsInherited(Error));
        Occupy();
        return (hasOutput ? Console.Out : TextWriter.Null, hasError ? Console.Error : TextWriter.Null);
    }

    // What came through exec cannot have the flag that closes it there, and all that the runtime opens has it.
    private static bool IsInherited(int descriptor)
    {
        const int GetFlags = 1, CloseOnExec = 1;
        var flags = Control(descriptor, GetFlags);
        return flags >= 0 && (flags & CloseOnExec) == 0;
    }

    // The lowest free numbers go to /dev/null, so that no file gets them: the runtime itself writes to number 2 when it crashes.
    private static void Occupy()
    {
        const int ReadWrite = 2;
        int descriptor;
        do descriptor = OpenNative("/dev/null", ReadWrite);
        while (descriptor is >= 0 and <= Error);
        if (descriptor > Error) _ = CloseNative(descriptor);
    }

    [LibraryImport("libc", EntryPoint = "fcntl")]
    private static partial int Control(int descriptor, int command);

    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int OpenNative(string path, int flags);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int CloseNative(int descriptor);
}
