using LatticeFlow.Compute;
using LatticeFlow.Kernels;
using LatticeFlow.Kernels.Lanes;
using LatticeFlow.Kernels.Memory;

namespace LatticeFlow.Tests.Devices;

/// <summary>Fields with reproducible contents and a program to run kernels on them: what a law needs besides its kernel.</summary>
/// <remarks>Arrays are <c>[replica][element]</c>. The last tile of most lane types has idle lanes, because 37 is divisible by nothing.</remarks>
public sealed class DeviceBench<T>(ComputeDevice device, int replicas = DeviceBench<T>.Uneven, int seed = 1) : IDisposable
    where T : unmanaged, IReal<T>
{
    /// <summary>A number of replicas that fills no lane type's tiles.</summary>
    public const int Uneven = 37;
    private readonly List<IDisposable> owned = [];
    private readonly Random random = new(seed);

    /// <summary>How the replicas are cut.</summary>
    public BatchShape Shape { get; } = device.Shape<T>(replicas, slotBytes: 8);

    /// <summary>Replicas.</summary>
    public int Replicas => replicas;

    /// <summary>A field of uniform numbers in [low, high), exact in single precision.</summary>
    public Field<T> Random(int elements, double low = -1, double high = 1)
    {
        var field = Zero(elements);
        field.WriteReplicas(Numbers(replicas * elements, low, high));
        return field;
    }

    /// <summary>A field of zeros in any scope.</summary>
    public Field<T> Zero(int elements, int scope = Scope.Tile) => Own(device.NewField<T>(Shape, elements, scope));

    /// <summary>A shared array of uniform numbers, exact in single precision.</summary>
    public Field<T> Shared(int elements, double low = -1, double high = 1)
    {
        var field = Own(device.NewShared<T>(elements));
        field.WriteShared(Numbers(elements, low, high));
        return field;
    }

    /// <summary>A double field of zeros.</summary>
    public SumField Sums(int elements) => Own(device.NewSums<T>(Shape, elements));

    /// <summary>A table of integers.</summary>
    public IndexTable Table(params ReadOnlySpan<int> values) => Own(device.NewTable(values));

    /// <summary>Runs one kernel over all replicas.</summary>
    public void Run<TKernel>(TKernel kernel, int items)
        where TKernel : struct, IKernel
    {
        var program = new KernelProgram(Shape);
        program.Add(kernel, items);
        device.Run(program);
    }

    /// <summary>The contents of a field.</summary>
    public double[] Read(Field<T> field)
    {
        var numbers = new double[replicas * field.Elements];
        field.ReadReplicas(numbers);
        return numbers;
    }

    /// <summary>The contents of a double field.</summary>
    public double[] Read(SumField field)
    {
        var numbers = new double[replicas * field.Elements];
        field.ReadReplicas(numbers);
        return numbers;
    }

    public void Dispose() => owned.ForEach(one => one.Dispose());

    private double[] Numbers(int count, double low, double high)
    {
        var numbers = new double[count];
        for (int i = 0; i < count; i++) numbers[i] = (float)(low + ((high - low) * random.NextDouble()));
        return numbers;
    }

    private TOwned Own<TOwned>(TOwned one)
        where TOwned : IDisposable
    {
        owned.Add(one);
        return one;
    }
}
