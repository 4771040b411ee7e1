using LatticeFlow.Compute;
using LatticeFlow.Kernels.Lanes;
using LatticeFlow.Kernels.Limits;

namespace LatticeFlow.Tests.Devices;

/// <summary>The kernels that measure what a device can do at best.</summary>
public sealed class LimitLaw : IDeviceLaw
{
    // Twelve chains whose sum is below 24 rounded to 6e-8, in which errors do not grow.
    public double SingleTolerance => 5e-6;

    public double DoubleTolerance => 1e-14;

    public double[] Use<T, TDouble>(ComputeDevice device)
        where T : unmanaged, IReal<T>
        where TDouble : unmanaged, IReal64<TDouble>
    {
        const int Items = 3;
        using var bench = new DeviceBench<T>(device);
        Field<T> field = bench.Random(2 + Items, 0.1, 0.5), x = bench.Random(Items * Triad<T>.Numbers), y = bench.Random(x.Elements), z = bench.Zero(x.Elements);
        bench.Run(new MultiplyAdds<T> { Field = field.View, Length = 20 }, Items);
        bench.Run(new Triad<T> { X = x.View, Y = y.View, Z = z.View }, Items);
        return [.. bench.Read(field), .. bench.Read(z)];
    }
}
