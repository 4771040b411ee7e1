using LatticeFlow.Compute;
using LatticeFlow.Kernels.Groups;
using LatticeFlow.Kernels.Lanes;
using LatticeFlow.Kernels.Memory;
using LatticeFlow.Kernels.RandomNumbers;

namespace LatticeFlow.Tests.Groups;

/// <summary>
/// A link U, number 0, and six links that do not change, with S = −s β Re tr(U V), s the strength of the replica: V = L1 L2† L3† + L4† L5† L6, or 2 L1, or nothing.
/// All links are drawn from Haar measure, but for L2 = 1 where V = 2 L1.
/// </summary>
internal sealed class OneLink<TLink, T> : IOneLink, IDisposable
    where TLink : unmanaged, ILink<TLink, T>
    where T : unmanaged, IReal64<T>
{
    private const int Links = 7;
    private const int Staple = 2;
    private const int Seed = 20260711;
    private readonly DeviceFields fields;
    private readonly KernelProgram heatBath;
    private readonly KernelProgram reflection;
    private readonly KernelProgram observation;
    private readonly int replicas;
    private readonly ComputeDevice device;
    private int steps;

    public OneLink(ComputeDevice device, LinkSum sum, double beta, double[] strengths)
    {
        this.device = device;
        replicas = strengths.Length;
        var shape = device.Shape<T>(replicas);
        fields = new(device, shape, beta, strengths);
        var staples = new Staples<T>
        {
            Links = fields.Links.View,
            Work = fields.Work.View,
            Short = fields.Paths.View,
            ShortOfOne = sum == LinkSum.Nothing ? 0 : Staple,
            Couplings = fields.Couplings.View,
        };
        fields.Paths.Write(sum == LinkSum.Group ? [1, 2, 2, 2, 2, 1] : [1, 2, 3, 5, 4, 6]);
        var streams = new Streams<T> { Key = fields.Key.View };
        heatBath = new(shape);
        heatBath.Add(
            new SubgroupHeatBath<TLink, T> { Staples = staples, Strength = fields.Strength.View, LinksOfLaunch = fields.Launch.View, Streams = streams, Dimensions = 1 }, 1);
        reflection = new(shape);
        reflection.Add(new SubgroupReflection<TLink, T> { Staples = staples, LinksOfLaunch = fields.Launch.View }, 1);
        observation = new(shape);
        observation.Add(new TraceOfLoops<TLink, T> { Staples = staples, Target = fields.Traces.View }, 1);
        observation.Add(
            new Force<TLink, T> { Staples = staples, Target = fields.Forces.View, Scale = fields.One.View, Coefficient = 1, Strength = fields.Strength.View }, 1);
        var start = new KernelProgram(shape);
        start.Add(new HaarOneLink<TLink, T> { Links = fields.Links.View, Streams = streams, One = sum == LinkSum.Group ? 2 : -1 }, Links);
        Run(start);
    }

    /// <inheritdoc/>
    public double[][] Link()
    {
        var numbers = new double[replicas * Links * TLink.Components];
        fields.Links.ReadReplicas(numbers);
        return [.. numbers.Chunk(Links * TLink.Components).Select(links => links[..TLink.Components])];
    }

    /// <inheritdoc/>
    public void HeatBath() => Run(heatBath);

    /// <inheritdoc/>
    public void Reflect() => Run(reflection);

    /// <inheritdoc/>
    public (double Re, double Im, double SquareOfForce)[] Observe()
    {
        fields.Forces.Clear();
        Run(observation);
        double[] traces = new double[2 * replicas], forces = new double[TLink.Generators * replicas];
        fields.Traces.ReadReplicas(traces);
        fields.Forces.ReadReplicas(forces);
        return [.. Enumerable.Range(0, replicas).Select(r => (traces[2 * r], traces[(2 * r) + 1], forces.AsSpan(r * TLink.Generators, TLink.Generators).ToArray().Sum(f => f * f)))];
    }

    public void Dispose() => fields.Dispose();

    private void Run(KernelProgram program)
    {
        fields.Key.Write([Seed, 0, steps++, 0, 0]);
        device.Run(program);
    }

    private sealed class DeviceFields : IDisposable
    {
        public DeviceFields(ComputeDevice device, BatchShape shape, double beta, double[] strengths)
        {
            const int slots = Staples<T>.Slots + 1;
            Links = device.NewField<T>(shape, OneLink<TLink, T>.Links * TLink.Components);
            Work = device.NewField<T>(shape, Math.Max(1, slots * TLink.WorkElements), Scope.Work);
            Traces = device.NewField<T>(shape, 2);
            Forces = device.NewField<T>(shape, TLink.Generators);
            Strength = device.NewField<T>(shape, 1);
            Couplings = device.NewField<T>(shape, 1);
            One = device.NewShared<T>(1);
            Key = device.NewTable(new int[StreamKey.Length]);
            Launch = device.NewTable([0]);
            Paths = device.NewTable(new int[Staple * Staples<T>.ShortLength]);
            Strength.WriteReplicas(strengths);
            Couplings.WriteReplicas([.. strengths.Select(_ => beta)]);
            One.WriteShared([1]);
        }

        public Field<T> Links { get; }

        public Field<T> Work { get; }

        public Field<T> Traces { get; }

        public Field<T> Forces { get; }

        public Field<T> Strength { get; }

        public Field<T> Couplings { get; }

        public Field<T> One { get; }

        public IndexTable Key { get; }

        public IndexTable Launch { get; }

        public IndexTable Paths { get; }

        public void Dispose()
        {
            foreach (IDisposable one in new IDisposable[] { Links, Work, Traces, Forces, Strength, Couplings, One, Key, Launch, Paths }) one.Dispose();
        }
    }
}
