using System.Runtime.CompilerServices;
using ILGPU;
using ILGPU.Runtime;
using LatticeFlow.Kernels;
using LatticeFlow.Kernels.Lanes;

namespace LatticeFlow.Compute.Gpu;

/// <summary>A GPU (or another OpenCL device) driven through ILGPU: programs are walked kernel by kernel, a thread a lane and item.</summary>
internal sealed class IlgpuDevice : ComputeDevice, IKernelVisitor
{
    private readonly Context context;
    private readonly Dictionary<Type, Delegate> kernels = [];
    private readonly ConditionalWeakTable<KernelProgram, List<IlgpuLaunch>> programs = [];
    private List<IlgpuLaunch> compiling = [];
    private readonly int mostThreads;
    private int tiles;

    /// <summary>Takes over the context, and opens its device.</summary>
    /// <exception cref="DeviceUnavailableException">The driver refuses.</exception>
    public IlgpuDevice(Context context, Device device, string name, int mostThreads = IlgpuLaunch.MostThreads)
    {
        this.mostThreads = mostThreads;
        this.context = context;
        Name = name;
        try
        {
            Accelerator = device.CreateAccelerator(context);
            Stream = Accelerator.DefaultStream;
        }
        catch (Exception error) when (IlgpuFailure.Is(error))
        {
            context.Dispose();
            IlgpuFailure.Throw(error, name, "being opened");
        }
    }

    public override string Name { get; }

    public Accelerator Accelerator { get; }

    public AcceleratorStream Stream { get; }

    public override bool HoldsLinksInRegisters => true;

    public override bool IsGpu => true;

    public override TResult Use<TResult>(Precision precision, ILaneUser<TResult> user) => precision == Precision.Single
        ? user.Use<DeviceSingle, DeviceDouble>(this)
        : user.Use<DeviceDouble, DeviceDouble>(this);

    public override void Run(KernelProgram program)
    {
        var launches = programs.GetOrCreateValue(program);
        try
        {
            // The driver keeps one device a thread, and the caller may have changed threads.
            Accelerator.Bind();
            if (launches.Count < program.Steps.Count) Compile(program, launches);
            foreach (var launch in launches) launch.Queue(Stream);
            Stream.Synchronize();
        }
        catch (Exception error) when (IlgpuFailure.Is(error))
        {
            IlgpuFailure.Throw(error, Name, "running a program");
        }
    }

    public override BatchShape Shape<T>(int replicas, long slotBytes = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(replicas);
        int count = (replicas + Lane.DeviceWidth - 1) / Lane.DeviceWidth;
        return new(replicas, count, count);
    }

    void IKernelVisitor.Visit<TKernel>(KernelStep step, TKernel kernel)
    {
        if (!kernels.TryGetValue(typeof(TKernel), out var start))
        {
            start = Accelerator.LoadAutoGroupedKernel<Index1D, int, int, TKernel>(KernelEntry.Run);
            kernels.Add(typeof(TKernel), start);
        }

        compiling.Add(new IlgpuLaunch<TKernel>((Action<AcceleratorStream, Index1D, int, int, TKernel>)start, kernel, step.Items, tiles, mostThreads));
    }

    public override void Dispose()
    {
        Accelerator.Dispose();
        context.Dispose();
    }

    protected override DeviceMemory Allocate(long bytes) => new IlgpuMemory(this, bytes);

    protected override int LanesKeptApart => Kernels.Lanes.Lane.DeviceWidth;

    protected override int ScratchBlocks(BatchShape shape) => shape.Tiles;

    // What is worked on lives in registers.
    protected override int WorkBlocks => 1;

    private void Compile(KernelProgram program, List<IlgpuLaunch> launches)
    {
        compiling = launches;
        tiles = program.Shape.Tiles;
        while (launches.Count < program.Steps.Count) program.Steps[launches.Count].Accept(this);
    }
}
