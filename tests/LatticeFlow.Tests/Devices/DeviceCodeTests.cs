using LatticeFlow.Kernels;
using LatticeFlow.PtxCheck;

namespace LatticeFlow.Tests.Devices;

public class DeviceCodeTests
{
    private static readonly Type[] Bad = [typeof(LocalMemoryKernel), typeof(HostOnlyKernel)];

    [Fact]
    public void Every_kernel_compiles_to_PTX_and_OpenCL_without_calls_and_local_memory()
    {
        using var code = new DeviceCode();
        Type[] kernels = [.. KernelTypes.Of(typeof(IKernel).Assembly), .. KernelTypes.Of(typeof(AxpyKernel<>).Assembly).Except(Bad)];
        Assert.All(kernels, kernel =>
        {
            Assert.Empty(DeviceCode.Faults(code.Ptx80(kernel)));
            Assert.Contains("kernel void", code.OpenCL(kernel), StringComparison.Ordinal);
        });
        Assert.Contains(typeof(AxpyKernel<Kernels.Lanes.DeviceSingle>), kernels);
        Assert.DoesNotContain(typeof(WordsKernel<Kernels.Lanes.DeviceDouble>), kernels.Where(kernel => KernelTypes.Precision(kernel) == "single"));
    }

    [Fact]
    public void Local_memory_is_found()
    {
        using var code = new DeviceCode();
        Assert.NotEmpty(DeviceCode.Faults(code.Ptx80(typeof(LocalMemoryKernel))));
    }
}
