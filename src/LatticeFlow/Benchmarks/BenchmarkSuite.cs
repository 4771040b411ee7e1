using LatticeFlow.Compute;
using LatticeFlow.Kernels.Lanes;

namespace LatticeFlow.Benchmarks;

/// <summary>Measures the limits of a device, the hot kernels against them, and whole steps.</summary>
/// <param name="Kernels">The device with one thread: on a CPU, kernels and limits are those of one core.</param>
/// <param name="Steps">The device with all threads; may be the same.</param>
/// <param name="Timing">How long each case may take.</param>
public sealed record BenchmarkSuite(ComputeDevice Kernels, ComputeDevice Steps, Timing Timing)
{
    // Three arrays together; the last is far beyond any cache.
    private static readonly (string Name, long Bytes)[] Triads = [("L1", 24 << 10), ("L2", 400 << 10), ("L3", 6 << 20), ("DRAM", 96 << 20)];

    // Up to where fields are taken to live in L1, L2, L3 and memory.
    private static readonly double[] CacheBytes = [32 << 10, 1 << 20, 16 << 20, double.PositiveInfinity];

    /// <summary>Runs what contains the filter (all, where it is null); <paramref name="onProgress"/> hears of every case before it runs and may end the run with false.</summary>
    public BenchmarkReport Run(string? filter = null, Func<string, bool>? onProgress = null)
    {
        bool Wanted(string name) => filter is null || name.Contains(filter, StringComparison.OrdinalIgnoreCase);
        bool GoOn(string name) => onProgress?.Invoke(name) ?? true;
        List<Measurement> measurements = [];
        List<Limit> limits = [];
        foreach (var precision in new[] { Precision.Single, Precision.Double })
        {
            using var cases = KernelCases.Create(Kernels, precision);
            var wanted = cases.All.Where(one => Wanted(one.Name)).ToList();
            var peaks = Kernels.Use(precision, new Limits(Timing, precision == Precision.Double, wanted.Count > 0));
            limits.AddRange(peaks);
            foreach (var one in wanted.TakeWhile(one => GoOn(one.Name))) measurements.Add(Measure(one, peaks));
        }

        var longer = Timing with { Budget = 10 * Timing.Budget };
        List<StepTime> steps = [.. StepCases.All.Where(step => Wanted(step.Name)).TakeWhile(step => GoOn(step.Name)).Select(step => StepCases.Measure(Steps, step, longer))];
        foreach (var entry in TrajectoryCases.All.Where(entry => Wanted(entry.Name)).TakeWhile(entry => GoOn(entry.Name)))
        {
            if (!ReferenceEquals(Kernels, Steps)) steps.Add(TrajectoryCases.Measure(Kernels, entry, "one thread", entry.OneThread, Timing));
            if (double.IsFinite(entry.TwoThreads) || ReferenceEquals(Kernels, Steps)) steps.Add(TrajectoryCases.Measure(Steps, entry, "all threads", double.IsFinite(entry.TwoThreads) ? entry.TwoThreads : entry.OneThread, Timing));
        }

        // A time beside one of another processor would compare processors.
        var processor = Processor.Here();
        bool comparable = processor.IsThatOfPeers && Steps.Name.StartsWith("cpu", StringComparison.Ordinal);
        return new(Kernels.Name, Steps.Name, processor.Name, limits, measurements, comparable ? steps : [.. steps.Select(step => step with { PeerMilliseconds = null })]);
    }

    private Measurement Measure(BenchmarkCase one, IReadOnlyList<Limit> limits)
    {
        double seconds = Timing.Seconds(() => Kernels.Run(one.Program));
        if (one.Preparation is { } preparation) seconds = Math.Max(seconds - Timing.Seconds(() => Kernels.Run(preparation)), 1e-9);
        double rate = one.Floor * one.Items / seconds * 1e-9;
        var limit = limits[one.Kind == FloorKind.Arithmetic ? 0 : 2];
        var measurement = new Measurement(one.Name, one.Precision == Precision.Double ? "double" : "float", seconds / one.Items * 1e9, rate, limit.Unit, rate / limit.Rate, one.Item);
        if (one.Bytes == 0) return measurement;
        double bandwidth = one.Bytes * one.Items / seconds * 1e-9;
        int level = Math.Max(0, Array.FindIndex(CacheBytes, bytes => one.WorkingSet <= bytes));
        return measurement with { Bandwidth = bandwidth, BandwidthFraction = bandwidth / limits[1 + level].Rate };
    }

    // The peak of fused multiply-adds, then the triads in the order of their sizes.
    private sealed record Limits(Timing Timing, bool IsDouble, bool Wanted) : ILaneUser<IReadOnlyList<Limit>>
    {
        public IReadOnlyList<Limit> Use<T, TDouble>(ComputeDevice device)
            where T : unmanaged, IReal<T>
            where TDouble : unmanaged, IReal64<TDouble>
        {
            if (!Wanted) return [];
            var cases = new LimitCases<T>(device, KernelCases.Replicas<T>(device), Timing);
            string suffix = IsDouble ? "double" : "float";
            int tiles = (KernelCases.Replicas<T>(device) + T.Width - 1) / T.Width;
            return
            [
                new($"fused multiply-adds, {suffix}", cases.MultiplyAddRate(), "GFLOP/s"),
                .. Triads.Select(triad => new Limit($"triad in {triad.Name}, {suffix}", cases.TriadRate(Math.Max(triad.Bytes / tiles, 24 << 10)), "GB/s")),
            ];
        }
    }
}
