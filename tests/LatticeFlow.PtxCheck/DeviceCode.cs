using ILGPU;
using ILGPU.Backends;
using ILGPU.Backends.EntryPoints;
using ILGPU.Backends.OpenCL;
using ILGPU.Backends.PTX;
using ILGPU.Runtime;
using ILGPU.Runtime.Cuda;
using ILGPU.Runtime.OpenCL;
using LatticeFlow.Compute.Gpu;

namespace LatticeFlow.PtxCheck;

/// <summary>Compiles kernels to the text that drivers get, without a device.</summary>
public sealed class DeviceCode : IDisposable
{
    private readonly Context context;
    private readonly PTXBackend ptx80;
    private readonly PTXBackend ptx90;
    private readonly CLBackend openCL;

    /// <summary>With the options that devices are opened with.</summary>
    public DeviceCode()
    {
        context = Context.Create(builder => KernelEntry.Configure(builder));
        var assembler = new CudaInstructionSet(7, 8);
        ptx80 = new PTXBackend(context, new CudaArchitecture(8, 0), assembler, null!);
        ptx90 = new PTXBackend(context, new CudaArchitecture(9, 0), assembler, null!);
        openCL = new CLBackend(context, new CLCapabilityContext(true, true, true, true, true), CLDeviceVendor.Other, new CLCVersion(2, 0));
    }

    /// <summary>PTX for sm_80 (A100).</summary>
    public string Ptx80(Type kernel) => ((PTXCompiledKernel)Compile(ptx80, kernel)).PTXAssembly;

    /// <summary>PTX for sm_90 (H100, H200).</summary>
    public string Ptx90(Type kernel) => ((PTXCompiledKernel)Compile(ptx90, kernel)).PTXAssembly;

    /// <summary>OpenCL C 2.0.</summary>
    public string OpenCL(Type kernel) => ((CLCompiledKernel)Compile(openCL, kernel)).Source;

    /// <summary>What PTX may not hold: calls (nothing links them, or they were not inlined) and local memory. Empty where it is good.</summary>
    public static IReadOnlyList<string> Faults(string ptx) =>
    [
        .. ptx.Split('\n').Select(line => line.Trim())
            .Where(line => line.StartsWith("call", StringComparison.Ordinal) || line.StartsWith(".local", StringComparison.Ordinal) || line.Contains(".local.", StringComparison.Ordinal)),
    ];

    /// <inheritdoc/>
    public void Dispose()
    {
        ptx80.Dispose();
        ptx90.Dispose();
        openCL.Dispose();
        context.Dispose();
    }

    private static CompiledKernel Compile(Backend backend, Type kernel)
    {
        var entry = EntryPointDescription.FromImplicitlyGroupedKernel(typeof(KernelEntry).GetMethod(nameof(KernelEntry.Run))!.MakeGenericMethod(kernel));
        return backend.Compile(entry, KernelSpecialization.Empty);
    }
}
