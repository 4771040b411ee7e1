using System.Reflection;
using System.Runtime.InteropServices;
using ILGPU;

namespace LatticeFlow.Compute.Gpu;

/// <summary>
/// Finds the libraries of the drivers. ILGPU asks for <c>libcuda.so</c> and <c>libOpenCL.so</c>, names that on Linux come only with
/// development packages; drivers bring <c>libcuda.so.1</c> and <c>libOpenCL.so.1</c>.
/// </summary>
internal static class NativeDrivers
{
    private static readonly Lazy<bool> Installed = new(Install);

    /// <summary>Makes ILGPU look for the names that drivers bring. Once; later calls do nothing.</summary>
    public static void Prepare() => _ = Installed.Value;

    /// <summary>Whether the CUDA driver's library is there.</summary>
    public static bool HasCuda => TryLoad(OperatingSystem.IsWindows() ? "nvcuda" : "libcuda.so.1");

    /// <summary>Whether an OpenCL loader is there.</summary>
    public static bool HasOpenCL => TryLoad(OperatingSystem.IsWindows() ? "OpenCL" : "libOpenCL.so.1");

    private static bool Install()
    {
        NativeLibrary.SetDllImportResolver(typeof(Context).Assembly, Resolve);
        return true;
    }

    private static nint Resolve(string name, Assembly assembly, DllImportSearchPath? path)
    {
        string? file = OperatingSystem.IsLinux() ? name switch { "cuda" => "libcuda.so.1", "OpenCL" => "libOpenCL.so.1", _ => null } : null;
        return file is not null && NativeLibrary.TryLoad(file, out nint library) ? library : 0;
    }

    private static bool TryLoad(string file) => NativeLibrary.TryLoad(file, out _);
}
