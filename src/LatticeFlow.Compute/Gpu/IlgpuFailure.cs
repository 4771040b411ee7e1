using System.Diagnostics.CodeAnalysis;
using ILGPU;
using ILGPU.Runtime.Cuda;
using ILGPU.Runtime.OpenCL;

namespace LatticeFlow.Compute.Gpu;

/// <summary>Turns what ILGPU and the drivers throw into one exception with a remedy.</summary>
internal static class IlgpuFailure
{
    /// <summary>Whether an exception comes from ILGPU or a driver, rather than from the caller.</summary>
    public static bool Is(Exception error) =>
        error.GetType().Assembly == typeof(Context).Assembly || error is DllNotFoundException or EntryPointNotFoundException;

    /// <summary>Throws the exception that commands report, with what was being done.</summary>
    [DoesNotReturn]
    public static void Throw(Exception error, string device, string what, string remedy = "run with --device cpu, or update the driver") =>
        throw new DeviceUnavailableException($"{device} failed while {what}: {Cause(error)}. Remedy: {remedy}.", error);

    /// <summary>The error in the driver's own words where it has some, with what lies below it.</summary>
    public static string Cause(Exception error)
    {
        string own = error switch
        {
            CLException driver => driver.Error.ToString(),
            CudaException driver => $"{driver.Error} ({driver.Message})",
            _ => error.Message.TrimEnd('.'),
        };
        return error.InnerException is { } inner ? $"{own} ({Cause(inner)})" : own;
    }
}
