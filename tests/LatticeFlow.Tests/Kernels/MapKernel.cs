using LatticeFlow.Compute;
using LatticeFlow.Kernels;
using LatticeFlow.Kernels.Lanes;
using LatticeFlow.Kernels.Memory;

namespace LatticeFlow.Tests;

/// <summary>A function of lanes under test. Functions of one argument ignore y.</summary>
internal interface ILaneFunction
{
    static abstract T Apply<T>(T x, T y)
        where T : unmanaged, IReal<T>;
}

/// <summary>output[item] = f(x[item], y[item]).</summary>
internal struct MapKernel<T, TFunction> : IKernel
    where T : unmanaged, IReal<T>
    where TFunction : struct, ILaneFunction
{
    public Reals<T> X;
    public Reals<T> Y;
    public Reals<T> Output;

    public void Bind(in Place place)
    {
        X = X.At(place);
        Y = Y.At(place);
        Output = Output.At(place);
    }

    public readonly void Execute(int item) => T.Store(Output, item, TFunction.Apply(T.Load(X, item), T.Load(Y, item)));
}

/// <summary>Applies a function to many arguments on a device: f(x[i], y[i]) for every i, spread over lanes, tiles and items.</summary>
internal sealed class Map<TFunction>(double[] x, double[] y) : ILaneUser<double[]>
    where TFunction : struct, ILaneFunction
{
    // More than the widest tile, and not a multiple of it: some lanes idle.
    private const int Replicas = 37;

    /// <summary>f(x[i], y[i]), computed in the precision on the device.</summary>
    public static double[] On(ComputeDevice device, Precision precision, double[] x, double[] y) => device.Use(precision, new Map<TFunction>(x, y));

    public double[] Use<T, TDouble>(ComputeDevice device)
        where T : unmanaged, IReal<T>
        where TDouble : unmanaged, IReal64<TDouble>
    {
        int elements = (x.Length + Replicas - 1) / Replicas;
        var shape = device.Shape<T>(Replicas);
        using var first = device.NewField<T>(shape, elements);
        using var second = device.NewField<T>(shape, elements);
        using var output = device.NewField<T>(shape, elements);
        var padded = new double[elements * Replicas];
        x.CopyTo(padded, 0);
        first.WriteReplicas(padded);
        y.CopyTo(padded, 0);
        second.WriteReplicas(padded);
        var program = new KernelProgram(shape);
        program.Add(new MapKernel<T, TFunction> { X = first.View, Y = second.View, Output = output.View }, elements);
        device.Run(program);
        output.ReadReplicas(padded);
        return padded[..x.Length];
    }
}
