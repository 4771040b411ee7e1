namespace LatticeFlow;

/// <summary>What a process tells its caller when it ends. Every command uses these and no other number.</summary>
public static class ExitCode
{
    public const int Done = 0;

    /// <summary>A defect of LatticeFlow itself: an exception that nobody foresaw.</summary>
    public const int InternalError = 1;

    public const int BadUsage = 2;

    /// <summary>Not converged, or a check of exactness failed.</summary>
    public const int DiagnosticsFailed = 3;

    public const int CorruptData = 4;
    public const int DeviceFailed = 5;

    /// <summary>Stopped by a signal after a checkpoint (EX_TEMPFAIL of sysexits.h): run again with --resume.</summary>
    public const int Stopped = 75;
}
