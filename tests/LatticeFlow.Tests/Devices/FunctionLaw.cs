using LatticeFlow.Compute;
using LatticeFlow.Kernels.Lanes;

namespace LatticeFlow.Tests.Devices;

/// <summary>Every elementary function. Angles are those of sums of a few links: OpenCL loses digits of the sine where they are larger.</summary>
internal sealed class FunctionLaw : IDeviceLaw
{
    // 2 ulp of the function, 1.2e-7 each, and for sin and cos half an ulp of 3π/2: OpenCL C does not fuse the product with π/2 that is subtracted.
    public double SingleTolerance => 6e-7;

    // 2 ulp on each side.
    public double DoubleTolerance => 1e-15;

    public double[] Use<T, TDouble>(ComputeDevice device)
        where T : unmanaged, IReal<T>
        where TDouble : unmanaged, IReal64<TDouble>
    {
        var random = new TestRandom(5);
        double[] Numbers(double scale) => [.. Enumerable.Range(0, 100).Select(_ => (double)(float)(scale * ((2 * random.Uniform()) - 1)))];
        double[] x = [0, -0.0, 1e-6f, -3, 3, .. Numbers(4), .. Numbers(30)], y = [1, -1, 1e-6f, 1e-3f, -7, .. Numbers(4), .. Numbers(30)];
        double[] positive = [.. x.Select(number => Math.Abs(number) + (double)1e-6f).Select(number => (double)(float)number)];
        double[] a = [.. Numbers(1)], b = [.. Numbers(1)];
        double[] many = [.. Numbers(7), -3, 3, 0, 1e-6f];
        double[] Of<TFunction>(double[] arguments)
            where TFunction : struct, ILaneFunction =>
            Map<TFunction>.On(device, T.IsDouble ? Precision.Double : Precision.Single, arguments, arguments == x ? y : arguments == a ? b : new double[arguments.Length]);
        return
        [
            .. Of<SinFunction>(many), .. Of<CosFunction>(many), .. Of<AtanFunction>(many), .. Of<Atan2Function>(x), .. Of<ExpFunction>(x), .. Of<Expm1Function>(x),
            .. Of<LogFunction>(positive), .. Of<Log1pFunction>(positive), .. Of<TanhFunction>(x), .. Of<SinhFunction>(many), .. Of<CoshFunction>(many), .. Of<ArsinhFunction>(x), .. Of<SigmoidFunction>(x), .. Of<SoftplusFunction>(x),
            .. Of<FirstDifferenceFunction>(a), .. Of<SecondDifferenceFunction>(a),
        ];
    }
}
