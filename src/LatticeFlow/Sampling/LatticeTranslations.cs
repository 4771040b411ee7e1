using LatticeFlow.Compute;
using LatticeFlow.Kernels.Fields;
using LatticeFlow.Kernels.Lanes;
using LatticeFlow.Kernels.Memory;
using LatticeFlow.Lattice;

namespace LatticeFlow.Sampling;

/// <summary>Translations of some replicas of a field of links, each by a vector of its own: as many passes as replicas of one tile are translated at most, and in each only tiles that have one do anything.</summary>
internal sealed class LatticeTranslations<T> : IDisposable
    where T : unmanaged, IReal64<T>
{
    private readonly ComputeDevice device;
    private readonly LatticeGeometry lattice;
    private readonly Field<T> translated;
    private readonly Field<T> flags;
    private readonly IndexTable[] vectors;
    private readonly KernelProgram program;
    private readonly double[] flagsOfReplicas;
    private readonly int[][] integers;
    private readonly int[] passOfTile;

    /// <param name="device">The device.</param>
    /// <param name="layout">Lanes that are replicas.</param>
    /// <param name="field">Configurations.</param>
    /// <param name="apart">Of so many neighbouring replicas one is translated.</param>
    /// <param name="sites">Sites that are translated: all of them, but in tests.</param>
    public LatticeTranslations(ComputeDevice device, LatticeLayout layout, Field<T> field, int apart, int sites)
    {
        this.device = device;
        lattice = layout.Lattice;
        int passes = Math.Min(((T.Width + apart - 2) / apart) + 1, T.Width), numbersOfSite = field.Elements / lattice.Volume;
        translated = device.NewField<T>(layout.Shape, field.Elements, Scope.Scratch);
        flags = device.NewField<T>(layout.Shape, passes);
        flagsOfReplicas = new double[layout.Replicas * passes];
        passOfTile = new int[layout.Shape.Tiles];
        integers = new int[passes][];
        vectors = new IndexTable[passes];
        program = new KernelProgram(layout.Shape);
        for (int pass = 0; pass < passes; pass++)
        {
            integers[pass] = new int[layout.Shape.Tiles * TranslateLattice<T>.IntegersOfTile];
            vectors[pass] = device.NewTable(integers[pass]);
            program.Add(
                new TranslateLattice<T>
                {
                    Source = field.View,
                    Target = translated.View,
                    Vectors = vectors[pass].View,
                    Extent0 = lattice.Extents[0],
                    Extent1 = lattice.Extents[1],
                    Extent2 = Extent(2),
                    Extent3 = Extent(3),
                    NumbersOfSite = numbersOfSite,
                },
                lattice.Volume);
            program.Add(
                new TakeTranslation<T> { Field = field.View, Translated = translated.View, Flags = flags.View, Flag = pass, Vectors = vectors[pass].View }, sites * numbersOfSite);
        }
    }

    /// <summary>Where <see cref="Add"/> has put all of them: the program of the translations.</summary>
    public KernelProgram Program => program;

    /// <summary>Forgets the translations of the last time.</summary>
    public void Clear()
    {
        Array.Clear(flagsOfReplicas);
        Array.Clear(passOfTile);
        foreach (int[] pass in integers) Array.Clear(pass);
    }

    /// <summary>U_μ(x) → U_μ(x + a) of a replica.</summary>
    public void Add(int replica, ReadOnlySpan<int> vector)
    {
        int tile = replica / T.Width, pass = passOfTile[tile]++;
        flagsOfReplicas[(replica * integers.Length) + pass] = 1;
        var target = integers[pass].AsSpan(tile * TranslateLattice<T>.IntegersOfTile, TranslateLattice<T>.IntegersOfTile);
        target[0] = 1;
        vector.CopyTo(target[1..]);
    }

    /// <summary>Writes the translations to the device.</summary>
    public void Write()
    {
        flags.WriteReplicas(flagsOfReplicas);
        for (int pass = 0; pass < integers.Length; pass++) vectors[pass].Write(integers[pass]);
    }

    public void Dispose()
    {
        translated.Dispose();
        flags.Dispose();
        foreach (var table in vectors) table.Dispose();
    }

    private int Extent(int mu) => mu < lattice.Dimensions ? lattice.Extents[mu] : 1;
}
