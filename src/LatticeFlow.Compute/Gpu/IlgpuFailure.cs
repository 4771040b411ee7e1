using System.Diagnostics.CodeAnalysis;
using ILGPU;

namespace LatticeFlow.Compute.Gpu;

/// <summary>Turns what ILGPU and the drivers throw into one exception with a remedy.</summary>
internal static class IlgpuFailure
{
    /// <summary>Whether an exception comes from ILGPU or a driver, rather than from the caller.</summary>
    public static bool Is(Exception error) =>
        error.GetType().Assembly == typeof(Context).Assembly || error is DllNotFoundException or EntryPointNotFoundException;

    /// <summary>Throws the exception that commands report, with what was being done.</summary>
    [DoesNotReturn]
    public static void Throw(Exception error, string device, string what)
    {
        string cause = error.InnerException is { } inner && inner.Message != error.Message ? $"{error.Message} ({inner.Message})" : error.Message;
        throw new DeviceUnavailableException($"{device} failed while {what}: {cause}. Run with --device cpu, or update the driver.", error);
    }
}
