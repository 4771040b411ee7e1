using LatticeFlow.Compute;
using LatticeFlow.Kernels.Lanes;
using LatticeFlow.Kernels.Limits;

namespace LatticeFlow.Benchmarks;

/// <summary>What the device can do at best, in one precision.</summary>
internal sealed class LimitCases<T>(ComputeDevice device, int replicas, Timing timing)
    where T : unmanaged, IReal<T>
{
    private const int MultiplyAddItems = 16;
    private const int MultiplyAddLength = 256;

    private static int Scalar => T.IsDouble ? sizeof(double) : sizeof(float);

    /// <summary>10⁹ flop a second of fused multiply-adds in registers.</summary>
    public double MultiplyAddRate()
    {
        var shape = device.Shape<T>(replicas);
        using var field = device.NewField<T>(shape, 2 + MultiplyAddItems);
        field.WriteReplicas(Enumerable.Range(0, replicas * field.Elements).Select(i => 0.5 / (1 + (i % 7))).ToArray());
        var program = new KernelProgram(shape);
        program.Add(new MultiplyAdds<T> { Field = field.View, Length = MultiplyAddLength }, MultiplyAddItems);
        double flop = 2.0 * MultiplyAdds<T>.Chains * MultiplyAddLength * MultiplyAddItems * replicas;
        return flop / timing.Seconds(() => device.Run(program)) * 1e-9;
    }

    /// <summary>10⁹ bytes a second of a triad over three arrays of <paramref name="bytes"/> together in each tile.</summary>
    public double TriadRate(long bytes)
    {
        var shape = device.Shape<T>(replicas);
        int numbers = (int)(bytes / (3 * T.Width * Scalar) / Triad<T>.Numbers * Triad<T>.Numbers);
        using var x = device.NewField<T>(shape, numbers);
        using var y = device.NewField<T>(shape, numbers);
        using var z = device.NewField<T>(shape, numbers);
        var program = new KernelProgram(shape);
        program.Add(new Triad<T> { X = x.View, Y = y.View, Z = z.View }, numbers / Triad<T>.Numbers);
        double moved = 3.0 * numbers * replicas * Scalar;
        return moved / timing.Seconds(() => device.Run(program)) * 1e-9;
    }
}
