using ILGPU;
using ILGPU.Runtime;
using ILGPU.Runtime.CPU;
using ILGPU.Runtime.Cuda;
using ILGPU.Runtime.OpenCL;

namespace LatticeFlow.Compute.Gpu;

/// <summary>What ILGPU finds on this machine: CUDA and OpenCL devices, in the order of their drivers.</summary>
internal static class IlgpuPlatform
{
    /// <summary>Set to 1, it offers ILGPU's own interpreter under the name <c>debug</c>: 1,000 times slower, for stepping through kernels.</summary>
    public const string DebugVariable = "LATTICEFLOW_ILGPU_DEBUG";

    /// <summary>Lists all devices of both kinds, and says what is missing where there is none.</summary>
    public static List<DeviceEntry> List()
    {
        List<DeviceEntry> entries = [];
        try
        {
            using var context = NewContext();
            entries.AddRange(context.Devices.OfType<CudaDevice>().Select(Describe));
            if (entries.Count == 0)
                entries.Add(new("cuda", "CUDA", string.Empty, NativeDrivers.HasCuda ? "the driver finds no device" : "no NVIDIA driver is installed (libcuda.so.1 not found)", true));
            int before = entries.Count;
            entries.AddRange(context.Devices.OfType<CLDevice>().Select(Describe));
            if (entries.Count == before)
                entries.Add(new("opencl", "OpenCL", string.Empty, NativeDrivers.HasOpenCL ? "no platform offers a device" : "no OpenCL loader is installed (libOpenCL.so.1 not found)", true));
        }
        catch (Exception error) when (IlgpuFailure.Is(error))
        {
            entries.Add(new("cuda", "CUDA and OpenCL", string.Empty, "looking for devices failed: " + IlgpuFailure.Cause(error), true));
        }

        return entries;
    }

    /// <summary>Opens the device of a listed entry.</summary>
    public static ComputeDevice Open(DeviceEntry entry)
    {
        int index = int.Parse(entry.Selector.Split(':')[1]);
        var context = NewContext();
        Device device = entry.Kind == "cuda" ? context.Devices.OfType<CudaDevice>().ElementAt(index) : context.Devices.OfType<CLDevice>().ElementAt(index);
        return new IlgpuDevice(context, device, $"{entry.Selector} {entry.Name}");
    }

    /// <summary>Opens ILGPU's interpreter, which starts at most so many threads at once.</summary>
    public static ComputeDevice OpenDebugger(int mostThreads = IlgpuLaunch.MostThreads)
    {
        var context = Context.Create(builder => builder.CPU(CPUDeviceKind.Nvidia));
        return new IlgpuDevice(context, context.Devices.OfType<CPUDevice>().First(), "debug (ILGPU's interpreter)", mostThreads);
    }

    private static Context NewContext()
    {
        NativeDrivers.Prepare();

        // All OpenCL devices, those too that ILGPU would pass over, so that the list can say why.
        return Context.Create(builder => KernelEntry.Configure(builder.Cuda((CudaDevice _) => true).OpenCL(_ => true)));
    }

    private static DeviceEntry Describe(CudaDevice device, int index) => new(
        $"cuda:{index}",
        device.Name,
        $"{device.Architecture?.ToString() ?? "unknown architecture"}, {GiB(device)} GiB, driver {device.DriverVersion}",
        device.Architecture is null ? "its architecture is unknown to ILGPU" : string.Empty,
        true);

    private static DeviceEntry Describe(CLDevice device, int index)
    {
        string whyNot =
            !device.Capabilities.GenericAddressSpace ? "its driver has no generic address space (OpenCL C 3.0 feature, or 2.0); a newer driver may have it"
            : !device.Capabilities.Float64 ? "it has no double precision, in which everything is summed"
            : string.Empty;
        bool isGpu = device.DeviceType.HasFlag(CLDeviceType.CL_DEVICE_TYPE_GPU);
        return new($"opencl:{index}", device.Name, $"{(isGpu ? "GPU" : "not a GPU")}, {device.PlatformName}, {device.PlatformVersion}, {GiB(device)} GiB", whyNot, isGpu);
    }

    private static long GiB(Device device) => device.MemorySize >> 30;
}
