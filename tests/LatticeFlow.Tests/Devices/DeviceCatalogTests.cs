using LatticeFlow.Compute;
using LatticeFlow.Compute.Gpu;
using LatticeFlow.Kernels.Lanes;

namespace LatticeFlow.Tests.Devices;

public class DeviceCatalogTests
{
    private static readonly DeviceEntry Cuda = new("cuda:0", "a GPU", string.Empty, string.Empty, true);
    private static readonly DeviceEntry OldCuda = new("cuda:0", "an old GPU", string.Empty, "too old", true);
    private static readonly DeviceEntry OpenClGpu = new("opencl:1", "another GPU", string.Empty, string.Empty, true);
    private static readonly DeviceEntry OpenClCpu = new("opencl:0", "a processor", string.Empty, string.Empty, false);

    [Fact]
    public void Auto_prefers_CUDA_then_an_OpenCL_GPU_and_never_an_OpenCL_processor()
    {
        Assert.Same(Cuda, DeviceCatalog.Choose([Cuda, OpenClCpu, OpenClGpu], "auto"));
        Assert.Same(OpenClGpu, DeviceCatalog.Choose([OldCuda, OpenClCpu, OpenClGpu], "auto"));
        Assert.Null(DeviceCatalog.Choose([OldCuda, OpenClCpu], "auto"));
    }

    [Fact]
    public void A_kind_means_its_first_usable_device_and_a_number_that_device()
    {
        Assert.Same(OpenClCpu, DeviceCatalog.Choose([Cuda, OpenClCpu, OpenClGpu], "opencl"));
        Assert.Same(OpenClGpu, DeviceCatalog.Choose([Cuda, OpenClCpu, OpenClGpu], "opencl:1"));
        Assert.Null(DeviceCatalog.Choose([OldCuda], "cuda:0"));
    }

    [Theory]
    [InlineData("cuda:99")]
    [InlineData("opencl:99")]
    [InlineData("tpu")]
    [InlineData("debug")]
    public void What_is_absent_is_refused_with_a_list_of_what_is_there(string selector)
    {
        var error = Assert.Throws<DeviceUnavailableException>(() => DeviceCatalog.Open(selector));
        Assert.Contains($"'{selector}'", error.Message, StringComparison.Ordinal);
        Assert.Contains("cpu: scalar", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_list_gives_a_reason_for_everything_that_cannot_be_used()
    {
        var entries = DeviceCatalog.List();
        Assert.Contains(entries, entry => entry.Name == "scalar" && entry.IsUsable);
        Assert.Contains(entries, entry => entry.Kind == "cuda");
        Assert.Contains(entries, entry => entry.Kind == "opencl");
        Assert.All(entries.Where(entry => !entry.IsUsable), entry => Assert.Contains("not usable", entry.ToString(), StringComparison.Ordinal));
    }

    [Fact]
    public void A_launch_of_too_many_threads_is_cut_by_tiles_and_leaves_none_out()
    {
        List<(int Threads, int First)> started = [];
        var launch = new IlgpuLaunch<CopySumsKernel<DeviceDouble>>((_, threads, items, first, _) => started.Add((threads.X, first)), default, items: 10, tiles: 7, mostThreads: 1000);
        launch.Queue(null!);
        Assert.Equal([(960, 0), (960, 3), (320, 6)], started);
        Assert.Throws<ArgumentException>(() => new IlgpuLaunch<CopySumsKernel<DeviceDouble>>((_, _, _, _, _) => { }, default, items: 32, tiles: 1, mostThreads: 1000));
    }
}
