using LatticeFlow.Compute;
using LatticeFlow.Kernels.Lanes;
using LatticeFlow.Lattice;

namespace LatticeFlow.Fields;

/// <summary>Where configurations are read from, a part at a time: numbers of configuration <paramref name="configuration"/> from <paramref name="first"/> on, whole sites.</summary>
public delegate void FieldReader(int configuration, int first, Span<double> numbers);

/// <summary>Numbers of all replicas of a layout on a device, read and written as whole lattices: <c>[replica][element][component]</c>.</summary>
public sealed class ConfigurationField<T> : IDisposable
    where T : unmanaged, IReal<T>
{
    private readonly LatticeLayout layout;
    private const int NumbersOfPart = 1 << 14;
    private readonly int numbersOfSite;

    /// <summary>A field of configurations.</summary>
    public ConfigurationField(ComputeDevice device, LatticeLayout layout, FieldType type)
    {
        this.layout = layout;
        numbersOfSite = type.ElementsOfSite(layout.Lattice) * type.Components;
        Field = device.NewField<T>(layout.Shape, type.Numbers(layout.OfLane));
        Length = type.Numbers(layout.Lattice);
    }

    /// <summary>The field as kernels see it.</summary>
    public Field<T> Field { get; }

    /// <summary>Numbers of a replica.</summary>
    public int Length { get; }

    private int SitesOfPart => Math.Clamp(NumbersOfPart / numbersOfSite, 1, layout.OfLane.Volume);

    /// <summary>Writes the first replicas.</summary>
    public void Write(ReadOnlySpan<double> lattices)
    {
        if (!layout.IsSplit)
        {
            Field.WriteReplicas(lattices);
            return;
        }

        // A replica is a tile; a part of the sites of all its lanes at a time.
        var part = new double[layout.Lanes * SitesOfPart * numbersOfSite];
        for (int replica = 0; replica < lattices.Length / Length; replica++)
        {
            var lattice = lattices.Slice(replica * Length, Length);
            for (int first = 0; first < layout.OfLane.Volume; first += SitesOfPart)
            {
                int sites = Math.Min(SitesOfPart, layout.OfLane.Volume - first), count = sites * numbersOfSite;
                layout.ToLanes(lattice, part, numbersOfSite, first, sites);
                Field.WriteElements(replica, first * numbersOfSite, count, part, layout.Lanes, count);
            }
        }
    }

    /// <summary>Writes the first replicas as <see cref="Write(ReadOnlySpan{double})"/> does, with no more than a part of a lattice on the host at a time; idle lanes repeat the last replica.</summary>
    public void Write(int replicas, FieldReader read)
    {
        if (layout.IsSplit) WriteSplit(replicas, read);
        else WriteReplicas(replicas, read);
    }

    private void WriteSplit(int replicas, FieldReader read)
    {
        var part = new double[layout.Lanes * SitesOfPart * numbersOfSite];
        for (int replica = 0; replica < replicas; replica++)
        {
            for (int first = 0; first < layout.OfLane.Volume; first += SitesOfPart)
            {
                int sites = Math.Min(SitesOfPart, layout.OfLane.Volume - first), count = sites * numbersOfSite;
                for (int lane = 0; lane < layout.Lanes; lane++)
                {
                    // Sites that follow one another in the lane follow one another in the lattice, up to the border of the block.
                    for (int site = 0, run; site < sites; site += run)
                    {
                        run = layout.RunOfSites(first + site, lane, sites - site, out int start);
                        read(replica, start * numbersOfSite, part.AsSpan((lane * count) + (site * numbersOfSite), run * numbersOfSite));
                    }
                }

                Field.WriteElements(replica, first * numbersOfSite, count, part, layout.Lanes, count);
            }
        }
    }

    private void WriteReplicas(int replicas, FieldReader read)
    {
        int width = T.Width, most = Math.Clamp(NumbersOfPart / numbersOfSite, 1, layout.OfLane.Volume) * numbersOfSite;
        var part = new double[Math.Min(width, replicas) * most];
        for (int tile = 0; tile * width < replicas; tile++)
        {
            int lanes = Math.Min(width, replicas - (tile * width));
            for (int first = 0; first < Length; first += most)
            {
                int count = Math.Min(most, Length - first);
                for (int lane = 0; lane < lanes; lane++) read((tile * width) + lane, first, part.AsSpan(lane * count, count));
                Field.WriteElements(tile, first, count, part, lanes, count);
            }
        }
    }

    /// <summary>Reads the first replicas.</summary>
    public void Read(Span<double> lattices)
    {
        if (!layout.IsSplit)
        {
            Field.ReadReplicas(lattices);
            return;
        }

        var part = new double[layout.Lanes * SitesOfPart * numbersOfSite];
        for (int replica = 0; replica < lattices.Length / Length; replica++)
        {
            var lattice = lattices.Slice(replica * Length, Length);
            for (int first = 0; first < layout.OfLane.Volume; first += SitesOfPart)
            {
                int sites = Math.Min(SitesOfPart, layout.OfLane.Volume - first), count = sites * numbersOfSite;
                Field.ReadElements(replica, first * numbersOfSite, count, part, layout.Lanes, count);
                layout.FromLanes(part, lattice, numbersOfSite, first, sites);
            }
        }
    }

    /// <summary>Reads one replica, without the others.</summary>
    public void ReadReplica(int replica, Span<double> lattice)
    {
        if (layout.IsSplit) throw new InvalidOperationException("one replica is read where lanes are replicas.");
        int width = T.Width, most = SitesOfPart * numbersOfSite;
        var part = new double[width * most];
        for (int first = 0; first < Length; first += most)
        {
            int count = Math.Min(most, Length - first);
            Field.ReadElements(replica / width, first, count, part, width, count);
            part.AsSpan(replica % width * count, count).CopyTo(lattice[first..]);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => Field.Dispose();
}
