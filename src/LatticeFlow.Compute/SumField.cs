using System.Runtime.InteropServices;
using LatticeFlow.Kernels.Memory;

namespace LatticeFlow.Compute;

/// <summary>A field of doubles on a device, <c>[tile][element][lane]</c>: actions, log-densities, random numbers.</summary>
public sealed class SumField : IDisposable
{
    private readonly DeviceMemory memory;
    private readonly double[] staging;
    private readonly int scope;

    internal SumField(DeviceMemory memory, int elements, int tiles, int width, int scope = Scope.Tile)
    {
        this.scope = scope;
        this.memory = memory;
        Elements = elements;
        Tiles = tiles;
        Width = width;
        staging = memory.Host == 0 ? new double[elements * width] : [];
    }

    /// <summary>Elements of a tile.</summary>
    public int Elements { get; }

    /// <summary>Tiles of the field.</summary>
    public int Tiles { get; }

    /// <summary>Bytes of all tiles.</summary>
    public long Bytes => memory.Bytes;

    /// <summary>Lanes of a tile.</summary>
    public int Width { get; }

    /// <summary>The field as kernels see it.</summary>
    public Sums View => new() { Device = memory.Device<double>(), Host = memory.Host, Stride = Elements, Width = Width, Scope = scope, Base = 0 };

    /// <summary>Reads replica after replica: destination is <c>[replica][element]</c>.</summary>
    public void ReadReplicas(Span<double> destination)
    {
        int replicas = Replicas(destination.Length);
        for (int first = 0, tile = 0; first < replicas; first += Width, tile++)
        {
            int lanes = Math.Min(Width, replicas - first);
            Transpose.FromLanes<double>(Tile(tile, true), destination.Slice(first * Elements, lanes * Elements), Width, lanes);
        }
    }

    /// <summary>Writes replica after replica from <c>[replica][element]</c>; idle lanes repeat the last replica.</summary>
    public void WriteReplicas(ReadOnlySpan<double> source)
    {
        int replicas = Replicas(source.Length);
        for (int first = 0, tile = 0; first < replicas; first += Width, tile++)
        {
            int lanes = Math.Min(Width, replicas - first);
            var target = Tile(tile, false);
            Transpose.ToLanes(source.Slice(first * Elements, lanes * Elements), target, Width, lanes);
            if (memory.Host == 0) memory.Write((long)tile * target.Length * sizeof(double), MemoryMarshal.AsBytes(target));
        }
    }

    /// <summary>Sums every element over all blocks and lanes, in increasing order of blocks.</summary>
    public void SumBlocks(Span<double> destination)
    {
        if (destination.Length != Elements) throw new ArgumentException($"{destination.Length} numbers for {Elements} elements.", nameof(destination));
        destination.Clear();
        for (int block = 0; block < Tiles; block++)
        {
            var numbers = Tile(block, true);
            if (Width == 1)
            {
                for (int e = 0; e < destination.Length; e++) destination[e] += numbers[e];
                continue;
            }

            for (int e = 0; e < destination.Length; e++)
            {
                double sum = 0;
                for (int lane = e * Width; lane < (e + 1) * Width; lane++) sum += numbers[lane];
                destination[e] += sum;
            }
        }
    }

    /// <summary>Sets everything to zero.</summary>
    public void Clear() => memory.Clear();

    /// <inheritdoc/>
    public void Dispose() => memory.Dispose();

    private unsafe Span<double> Tile(int tile, bool read)
    {
        int length = Elements * Width;
        if (memory.Host != 0) return new Span<double>((double*)memory.Host + ((long)tile * length), length);
        if (read) memory.Read((long)tile * length * sizeof(double), MemoryMarshal.AsBytes(staging.AsSpan()));
        return staging;
    }

    private int Replicas(int length)
    {
        int replicas = length / Elements;
        if (replicas * Elements != length || replicas > Tiles * Width)
            throw new ArgumentException($"{length} numbers do not fit {Tiles} tiles of {Width} replicas of {Elements} elements.");
        return replicas;
    }
}
