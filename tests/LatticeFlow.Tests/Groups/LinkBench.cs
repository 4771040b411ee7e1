using System.Runtime.InteropServices;
using LatticeFlow.Kernels.Groups;
using LatticeFlow.Kernels.Lanes;
using LatticeFlow.Kernels.Memory;

namespace LatticeFlow.Tests.Groups;

/// <summary>Host memory with links, an algebra field and work matrices, all of random numbers that differ from lane to lane.</summary>
internal sealed unsafe class LinkBench<TLink, T> : IDisposable
    where TLink : unmanaged, ILink<TLink, T>
    where T : unmanaged, IReal64<T>
{
    /// <summary>Links of the field, and momenta.</summary>
    public const int Links = 8;
    private const int WorkMatrices = 16;
    private const int TableLength = 1024;
    private const int Alignment = 64;
    private readonly List<nint> blocks = [];
    private readonly LinkAlgebra algebra;
    private readonly Random random;

    public LinkBench(LinkAlgebra algebra, int seed)
    {
        this.algebra = algebra;
        random = new Random(seed);
        Field = New(Links * TLink.Components);
        Work = New(Math.Max(1, WorkMatrices * TLink.WorkElements));
        Momenta = New(Links * TLink.Generators);
        Results = New(TLink.Components);
        Table = new Table { Host = Allocate(TableLength * sizeof(int)) };
        for (int e = 0; e < WorkMatrices * TLink.WorkElements; e++) Fill(Work, e, _ => double.NaN);
        for (int e = 0; e < Links * TLink.Components; e++) Fill(Field, e, _ => Uniform());
        for (int e = 0; e < Links * TLink.Generators; e++) Fill(Momenta, e, _ => Uniform());
    }

    public Reals<T> Field { get; }

    public Reals<T> Work { get; }

    public Reals<T> Momenta { get; }

    /// <summary>A table to be filled by <see cref="SetTable"/>.</summary>
    public Table Table { get; }

    private Reals<T> Results { get; }

    public static int Lanes => T.Bytes / sizeof(double);

    /// <summary>Link i of the field.</summary>
    public TLink Open(int link) => TLink.Open(Field, link);

    /// <summary>Work matrix number <paramref name="slot"/>.</summary>
    public TLink Local(int slot) => TLink.Local(Work, slot);

    /// <summary>Link i of the field as the tests see it.</summary>
    public ComplexMatrix Expected(int link, int lane) => algebra.Matrix(Numbers(Field, link, TLink.Components, lane));

    public double[] Momentum(int link, int lane) => Numbers(Momenta, link, TLink.Generators, lane);

    /// <summary>What a link holds in a lane. Of a U(1) link that is its trace: stored, it would be an angle and lose its size.</summary>
    public ComplexMatrix Value(in TLink link, int lane)
    {
        if (TLink.Order == 1)
        {
            TLink.Trace(link, out var re, out var im);
            return ComplexMatrix.Of(1, (_, _) => new(Number(re, lane), Number(im, lane)));
        }

        TLink.Store(Results, 0, link);
        return algebra.Matrix(Numbers(Results, 0, TLink.Components, lane));
    }

    public static double Number(T value, int lane) => ((double*)&value)[lane];

    /// <summary>A number that differs from lane to lane.</summary>
    public T Different() => Vector(_ => Uniform());

    public static T Vector(Func<int, double> value)
    {
        var field = stackalloc double[Lanes];
        for (int lane = 0; lane < Lanes; lane++) field[lane] = value(lane);
        return *(T*)field;
    }

    public void Fill(in Reals<T> field, int element, Func<int, double> value)
    {
        for (int lane = 0; lane < Lanes; lane++) ((double*)(field.Host + ((long)element * T.Bytes)))[lane] = value(lane);
    }

    public double[] Numbers(in Reals<T> field, int item, int count, int lane)
    {
        long host = field.Host + ((long)item * count * T.Bytes);
        return [.. Enumerable.Range(0, count).Select(i => ((double*)(host + ((long)i * T.Bytes)))[lane])];
    }

    public void SetTable(params int[] numbers) => numbers.CopyTo(new Span<int>((void*)Table.Host, TableLength));

    public double Uniform() => (2 * random.NextDouble()) - 1;

    public Reals<T> New(int elements) => new() { Host = Allocate((long)elements * T.Bytes), Stride = elements, Scope = Scope.Tile };

    public void Dispose()
    {
        foreach (nint block in blocks) NativeMemory.AlignedFree((void*)block);
    }

    /// <summary>A table of integers of its own.</summary>
    public Table NewTable(ReadOnlySpan<int> numbers)
    {
        var table = new Table { Host = Allocate((long)numbers.Length * sizeof(int)) };
        numbers.CopyTo(new Span<int>((void*)table.Host, numbers.Length));
        return table;
    }

    private nint Allocate(long bytes)
    {
        nuint size = (nuint)((bytes + Alignment - 1) / Alignment * Alignment);
        var block = NativeMemory.AlignedAlloc(size, Alignment);
        NativeMemory.Clear(block, size);
        blocks.Add((nint)block);
        return (nint)block;
    }
}
