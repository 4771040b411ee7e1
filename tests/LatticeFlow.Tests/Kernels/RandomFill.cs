using LatticeFlow.Compute;
using LatticeFlow.Compute.RandomNumbers;
using LatticeFlow.Kernels.Lanes;
using LatticeFlow.Kernels.RandomNumbers;

namespace LatticeFlow.Tests;

/// <summary>Fills a field with random numbers on a device and reads it back as <c>[replica][element]</c>.</summary>
internal sealed class RandomFill(RandomFill.Kind kind, ulong seed, long step, int purpose, int replicas, int elements, uint firstReplica) : ILaneUser<double[]>
{
    public enum Kind
    {
        Uniform,
        Angles,
        Gaussian,
        GaussianReals,
    }

    /// <summary>The numbers that the kernel of <paramref name="kind"/> fills.</summary>
    public static double[] On(
        ComputeDevice device, Precision precision, Kind kind, ulong seed, long step, int purpose, int replicas, int elements, uint firstReplica = 0) =>
        device.Use(precision, new RandomFill(kind, seed, step, purpose, replicas, elements, firstReplica));

    public double[] Use<T, TDouble>(ComputeDevice device)
        where T : unmanaged, IReal<T>
        where TDouble : unmanaged, IReal64<TDouble>
    {
        // The field has the tiles of the wanted precision; the kernel walks it in tiles of double lanes.
        var shape = device.Shape<TDouble>(replicas);
        using var sums = device.NewSums<T>(device.Shape<T>(replicas), elements);
        using var reals = device.NewField<TDouble>(shape, elements);
        using var key = new RandomKey(device, seed, firstReplica);
        var program = new KernelProgram(shape);
        int items = (elements + 1) / 2;
        switch (kind)
        {
            case Kind.Uniform:
                program.Add(new FillUniform<TDouble> { Target = sums.View, Key = key.View, Purpose = purpose, Elements = elements }, items);
                break;
            case Kind.Angles:
                program.Add(new FillAngles<TDouble> { Target = sums.View, Key = key.View, Purpose = purpose, Elements = elements }, items);
                break;
            case Kind.Gaussian:
                program.Add(new FillGaussian<TDouble> { Target = sums.View, Key = key.View, Purpose = purpose, Elements = elements }, items);
                break;
            default:
                program.Add(new FillGaussianReals<TDouble> { Target = reals.View, Key = key.View, Purpose = purpose, Elements = elements }, items);
                break;
        }

        key.SetStep(step);
        device.Run(program);
        var result = new double[replicas * elements];
        if (kind == Kind.GaussianReals) reals.ReadReplicas(result);
        else sums.ReadReplicas(result);
        return result;
    }
}
