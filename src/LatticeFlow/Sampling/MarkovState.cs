using LatticeFlow.Actions;
using LatticeFlow.Compute;
using LatticeFlow.Kernels.Lanes;
using LatticeFlow.Kernels.RandomNumbers;

namespace LatticeFlow.Sampling;

/// <summary>
/// The links of all replicas of a Markov chain, their action, and the counter that keys the random numbers. Links live on the device and, when
/// asked for, on the host; each side is brought up to date when it is used.
/// </summary>
public sealed class MarkovState<T> : IDisposable
    where T : unmanaged, IReal64<T>
{
    private readonly double[] hostLinks;
    private readonly double[] hostAction;
    private readonly SumField action;
    private readonly Field<T> links;
    private readonly KernelProgram evaluate;
    private bool hostCurrent;
    private bool deviceCurrent = true;
    private int proposalStreams;

    /// <summary>A state of unit links; see <see cref="StartHot"/> and <see cref="Write"/>.</summary>
    public MarkovState(ComputeDevice device, IAction action, int replicas, ulong seed)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(replicas);
        Device = device;
        Action = action;
        Replicas = replicas;
        Seed = seed;
        Shape = device.Shape<T>(replicas);
        links = device.NewField<T>(Shape, action.Lattice.Links);
        this.action = device.NewSums<T>(Shape, 1);
        Key = device.NewTable(new int[StreamKey.Length]);
        ActionSteps = action.Bind<T>(device, Shape);
        hostLinks = new double[(long)replicas * action.Lattice.Links];
        hostAction = new double[replicas];
        evaluate = new KernelProgram(Shape);
        ActionSteps.AddEvaluate(evaluate, links, this.action);
        Run(evaluate);
    }

    /// <summary>The device that the kernels run on.</summary>
    public ComputeDevice Device { get; }

    /// <summary>How the replicas are cut into tiles.</summary>
    public BatchShape Shape { get; }

    /// <summary>S.</summary>
    public IAction Action { get; }

    /// <summary>The kernels of S for these replicas.</summary>
    public IActionSteps<T> ActionSteps { get; }

    /// <summary>Independent chains.</summary>
    public int Replicas { get; }

    /// <summary>The seed of all random numbers.</summary>
    public ulong Seed { get; }

    /// <summary>Links of a replica.</summary>
    public int Links => links.Elements;

    /// <summary>The links on the device, for programs run with <see cref="Run"/>.</summary>
    public Field<T> LinkField => links;

    /// <summary>S of every replica on the device; a transition leaves it up to date.</summary>
    public SumField ActionField => action;

    /// <summary>The random key on the device: seed and transition counter.</summary>
    public IndexTable Key { get; }

    /// <summary>Elementary transitions made so far: the step of the random key.</summary>
    public long Transitions { get; private set; }

    /// <summary>Grows with every change of the links.</summary>
    public long Version { get; private set; }

    /// <summary>A new step of the random key, for one elementary transition.</summary>
    public StreamKey NextKey()
    {
        var key = KeyOf(Transitions++);
        Key.Write([(int)key.SeedLow, (int)key.SeedHigh, (int)key.StepLow, (int)key.StepHigh, (int)key.FirstReplica]);
        return key;
    }

    /// <summary>Runs a program that changes the links and leaves their S in <see cref="ActionField"/>.</summary>
    public void Run(KernelProgram program)
    {
        Measure(program);
        hostCurrent = false;
        Version++;
    }

    /// <summary>Runs a program that only reads the links.</summary>
    public void Measure(KernelProgram program)
    {
        ToDevice();
        Device.Run(program);
    }

    /// <summary>Links of all replicas, <c>[replica][link]</c>.</summary>
    public ReadOnlySpan<double> ReadLinks()
    {
        ToHost();
        return hostLinks;
    }

    /// <summary>S of all replicas.</summary>
    public ReadOnlySpan<double> ReadAction()
    {
        ToHost();
        return hostAction;
    }

    /// <summary>Replaces one replica.</summary>
    public void WriteReplica(int replica, ReadOnlySpan<double> newLinks, double newAction)
    {
        ToHost();
        newLinks.CopyTo(hostLinks.AsSpan(replica * Links, Links));
        hostAction[replica] = newAction;
        deviceCurrent = false;
        Version++;
    }

    /// <summary>Replaces all replicas, <c>[replica][link]</c>, and computes their S.</summary>
    public void Write(ReadOnlySpan<double> newLinks)
    {
        newLinks.CopyTo(hostLinks);
        links.WriteReplicas(hostLinks);
        deviceCurrent = true;
        Run(evaluate);
    }

    /// <summary>Independent uniform angles.</summary>
    public void StartHot()
    {
        var key = KeyOf(0);
        using var table = Device.NewTable([(int)key.SeedLow, (int)key.SeedHigh, 0, 0, 0]);
        using var angles = Device.NewSums<T>(Shape, Links);
        var program = new KernelProgram(Shape);
        program.Add(new FillAngles<T> { Target = angles.View, Key = table.View, Purpose = Purpose.Start, Elements = Links }, (Links + 1) / 2);
        Device.Run(program);
        var start = new double[hostLinks.Length];
        angles.ReadReplicas(start);
        Write(start);
    }

    /// <summary>The seed for the proposals of one more proposal source, so that two sources in one chain never share random numbers.</summary>
    internal ulong NextProposalSeed() => Seed + (0x9E3779B97F4A7C15UL * (ulong)proposalStreams++);

    /// <summary>Continues from a saved state.</summary>
    internal void Restore(ReadOnlySpan<double> savedLinks, ReadOnlySpan<double> savedAction, long transitions, long version)
    {
        savedLinks.CopyTo(hostLinks);
        savedAction.CopyTo(hostAction);
        hostCurrent = true;
        deviceCurrent = false;
        Transitions = transitions;
        Version = version;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        links.Dispose();
        action.Dispose();
        Key.Dispose();
        ActionSteps.Dispose();
    }

    private StreamKey KeyOf(long step) => new((uint)Seed, (uint)(Seed >> 32), (uint)step, (uint)(step >> 32), 0);

    private void ToHost()
    {
        if (hostCurrent || !deviceCurrent) return;
        links.ReadReplicas(hostLinks);
        action.ReadReplicas(hostAction);
        hostCurrent = true;
    }

    private void ToDevice()
    {
        if (deviceCurrent) return;
        links.WriteReplicas(hostLinks);
        action.WriteReplicas(hostAction);
        deviceCurrent = true;
    }
}
