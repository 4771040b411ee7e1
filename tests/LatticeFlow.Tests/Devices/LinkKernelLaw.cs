using LatticeFlow.Compute;
using LatticeFlow.Kernels.Groups;
using LatticeFlow.Kernels.Lanes;
using LatticeFlow.Kernels.Markov;
using LatticeFlow.Kernels.Memory;
using LatticeFlow.Kernels.RandomNumbers;
using LatticeFlow.Kernels.U1;

namespace LatticeFlow.Tests.Devices;

/// <summary>The kernels on links of every group that a GPU can work with. Which links are neighbours is left to chance: what is compared is arithmetic.</summary>
internal sealed class LinkKernelLaw : IDeviceLaw
{
    // Rounding of 1e-16, times what heat bath and reflection make of it where the staples of a link nearly cancel: a device without fused multiply-adds is 3e-13 away.
    public double DoubleTolerance => 1e-11;

    public double SingleTolerance => DoubleTolerance;

    public double[] Use<T, TDouble>(ComputeDevice device)
        where T : unmanaged, IReal<T>
        where TDouble : unmanaged, IReal64<TDouble> =>
    [
        .. LinkKernels.Run<Phase<TDouble>, TDouble>(device),
        .. LinkKernels.Run<Quaternion<TDouble>, TDouble>(device),
        .. LinkKernels.Run<Registers3<TDouble>, TDouble>(device),
    ];
}

/// <summary>The same for matrices in memory, which only the CPU works with.</summary>
internal sealed class MatrixKernelLaw : IDeviceLaw
{
    public double DoubleTolerance => 1e-13;

    public double[] Use<T, TDouble>(ComputeDevice device)
        where T : unmanaged, IReal<T>
        where TDouble : unmanaged, IReal64<TDouble> =>
        [
            .. LinkKernels.Run<QuaternionPlace<TDouble>, TDouble>(device),
            .. LinkKernels.Run<Matrix3<TDouble>, TDouble>(device),
            .. LinkKernels.Run<MatrixN<Size4, TDouble>, TDouble>(device),
        ];
}

/// <summary>Runs every kernel that is generic over the form of a link.</summary>
internal static class LinkKernels
{
    private const int Dimensions = 2;
    private const int Sites = 3;
    private const int Links = Sites * Dimensions;
    private const int Short = 2;
    private const int Long = 6;
    private const int Loops = 4;
    private const int Slots = 16;
    private const int Planes = 6;

    // The mean of links is near the link, and its place of the largest trace well conditioned.
    private const double LargeKeep = 8;

    /// <summary>What they write, one after the other.</summary>
    public static double[] Run<TLink, T>(ComputeDevice device)
        where TLink : unmanaged, ILink<TLink, T>
        where T : unmanaged, IReal64<T>
    {
        using var bench = new DeviceBench<T>(device);
        Field<T> links = bench.Zero(Links * TLink.Components), gauge = bench.Zero(Sites * TLink.Components), work = bench.Zero(Math.Max(1, Slots * TLink.WorkElements), Scope.Work);
        Field<T> momenta = bench.Random(Links * TLink.Generators), step = bench.Shared(1), strength = bench.Random(1);
        List<double> results = [];
        var none = bench.Table(0);
        var streams = new Streams<T> { Key = bench.Table(20261, 7, 3, 0, 5).View, Sites = none.View, LaneSites = none.View };
        bench.Run(new HaarLinks<TLink, T> { Links = links.View, Streams = streams, Dimensions = Dimensions, Purpose = Purpose.Start }, Links);
        bench.Run(new HaarLinks<TLink, T> { Links = gauge.View, Streams = streams, Dimensions = 1, Purpose = Purpose.Probe }, Sites);
        Add(links);
        var lanes = new LaneShifts { Permutations = none.View };
        bench.Run(new GaugeTransform<TLink, T> { Links = links.View, Gauge = gauge.View, Lanes = lanes, Ends = Entries(bench, Links * 2, Sites).View, Work = work.View }, Links);
        Add(links);
        foreach (int weighted in new[] { 0, 1 })
        {
            var staples = new Staples<T>
            {
                Links = links.View,
                Work = work.View,
                Lanes = lanes,
                Short = Entries(bench, Links * Short * Staples<T>.ShortLength, Links).View,
                Long = Entries(bench, Links * Long * Staples<T>.LongLength, Links, daggered: true).View,
                ShortOfOne = Short,
                LongOfOne = Long,
                Couplings = bench.Random(5).View,
                Weighted = weighted,
                CouplingOfPath = Entries(bench, Links * (Short + Long), 5).View,
            };
            bench.Run(new Force<TLink, T> { Staples = staples, Target = momenta.View, Scale = step.View, Coefficient = 0.5, Strength = strength.View }, Links);
            Update(staples);
        }

        results.AddRange(bench.Read(momenta));
        Field<T> smeared = bench.Zero(Links * TLink.Components);
        var plaquettes = new Staples<T>
        {
            Links = links.View,
            Work = work.View,
            Lanes = lanes,
            Short = Entries(bench, Links * Short * Staples<T>.ShortLength, Links).View,
            Long = none.View,
            ShortOfOne = Short,
            Couplings = bench.Random(1).View,
            CouplingOfPath = none.View,
        };
        bench.Run(new ApeLinks<TLink, T> { Staples = plaquettes, Target = smeared.View, Keep = LargeKeep }, Links);
        Add(smeared);
        var fields = bench.Zero(Sites * Planes * TLink.Generators);
        var leaves = Entries(bench, Sites * Planes * FieldStrength<TLink, T>.EntriesOfPlane, Links);
        bench.Run(new FieldStrength<TLink, T> { Links = links.View, Leaves = leaves.View, Lanes = lanes, Target = fields.View, Work = work.View }, Sites * Planes);
        var clover = bench.Sums(FieldStrengthSums<T>.Components);
        bench.Run(
            new FieldStrengthSums<T> { Fields = fields.View, Parts = clover.View, Sites = Sites, Planes = Planes, Pairs = Planes / 2, Generators = TLink.Generators },
            1);
        results.AddRange(bench.Read(clover));
        bench.Run(new Drift<TLink, T> { Links = links.View, Momenta = momenta.View, Step = step.View, Coefficient = 0.75, Work = work.View }, Links);
        Add(links);
        var traces = bench.Sums(LoopTraces<TLink, T>.Components);
        bench.Run(
            new LoopTraces<TLink, T>
            {
                Links = links.View,
                LinksOfLoops = Entries(bench, Loops * 6, Links).View,
                Lanes = lanes,
                Weights = bench.Shared(5).View,
                WeightOfLoop = Entries(bench, Loops, 5).View,
                Weighted = 1,
                Parts = traces.View,
                Loops = Loops,
                LinksOfOne = 6,
                Forwards = 4,
                Work = work.View,
            },
            1);
        results.AddRange(bench.Read(traces));
        Field<T> distance = bench.Zero(Links), disturbed = bench.Random(Links * TLink.Components);
        bench.Run(new DistanceFromUnity<TLink, T> { Links = disturbed.View, Distance = distance.View, Work = work.View }, Links);
        results.AddRange(bench.Read(distance));
        int[] chosen = [Links - 1, 0, Links / 2];
        bench.Run(new ReunitariseChosen<TLink, T> { Links = disturbed.View, Chosen = bench.Table(chosen).View }, chosen.Length);
        Add(disturbed);
        bench.Run(new ReunitariseLinks<TLink, T> { Links = disturbed.View }, Links);
        Add(disturbed);
        var accepted = bench.Sums(2);
        bench.Run(new FillUniform<T> { Target = accepted.View, Key = streams.Key, Purpose = Purpose.Accept, Elements = 2 }, 1);
        bench.Run(new AcceptOrRestoreField<T> { Field = links.View, Saved = disturbed.View, Accepted = accepted.View, Element = 1 }, Links * TLink.Components);
        Add(links);
        return [.. results];

        // One link an item: of the links here any two may be in a common loop.
        void Update(Staples<T> staples)
        {
            var launch = bench.Table(3).View;
            if (TLink.Subgroups == 0)
            {
                bench.Run(new StapleHeatBath<T> { Staples = staples, Strength = strength.View, LinksOfLaunch = launch, Streams = streams, Dimensions = Dimensions }, 1);
                bench.Run(new StapleReflection<T> { Staples = staples, LinksOfLaunch = launch }, 1);
            }
            else
            {
                bench.Run(new SubgroupHeatBath<TLink, T> { Staples = staples, Strength = strength.View, LinksOfLaunch = launch, Streams = streams, Dimensions = Dimensions }, 1);
                bench.Run(new SubgroupReflection<TLink, T> { Staples = staples, LinksOfLaunch = launch }, 1);
            }

            Add(links);
        }

        void Add(Field<T> field) => results.AddRange(TLink.Order == 1 ? FlowLaw.OnCircle(bench.Read(field)) : bench.Read(field));
    }

    private static IndexTable Entries<T>(DeviceBench<T> bench, int count, int limit, bool daggered = false)
        where T : unmanaged, IReal<T>
    {
        var random = new Random(count);
        return bench.Table([.. Enumerable.Range(0, count).Select(_ => random.Next(daggered ? -limit : 0, limit))]);
    }
}
