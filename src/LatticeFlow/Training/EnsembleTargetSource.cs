using LatticeFlow.Actions;
using LatticeFlow.Compute.RandomNumbers;
using LatticeFlow.Kernels.RandomNumbers;
using LatticeFlow.Storage;

namespace LatticeFlow.Training;

/// <summary>
/// The configurations of a stored ensemble, each once an epoch: segments, and the configurations within a segment, in an order that is new in every epoch. One segment is in memory.
/// </summary>
public sealed class EnsembleTargetSource : ITargetSource
{
    private readonly EnsembleReader reader;
    private readonly IAction action;
    private readonly ulong seed;
    private readonly int batch;
    private readonly int numbers;
    private readonly long[] ends;
    private readonly int[] counts;
    private int[] segments = [];
    private int[] rows = [];
    private double[] field = [];
    private double[] energy = [];
    private long epoch = -1;
    private int place = -1;

    /// <summary>Batches of an ensemble of the theory of an action.</summary>
    /// <exception cref="UserErrorException">The ensemble is of another theory, names the folder.</exception>
    public EnsembleTargetSource(string folder, IAction action, int batch, ulong seed)
    {
        reader = EnsembleReader.Open(folder);
        (this.action, this.batch, this.seed) = (action, batch, seed);
        numbers = action.Field.Numbers(action.Lattice);
        if (Difference(reader.Header, action) is { } difference)
        {
            throw new UserErrorException($"is an ensemble of another theory: {difference}") { File = folder, Key = "train.samples", Remedy = "give an ensemble of the theory that is trained towards" };
        }

        ends = new long[reader.Segments.Count];
        counts = reader.ReadSegment(0, withField: false).FieldRows is null ? [.. reader.Segments.Select(segment => segment.Count)] : [.. reader.Blocks(withField: false).Select(block => block.FieldCount)];
        Count = counts.Sum(count => (long)count);
        if (Count == 0)
            throw new UserErrorException("stores observables alone, and no configurations") { File = folder, Key = "train.samples", Remedy = "give an ensemble with configurations" };
    }

    /// <summary>Configurations of an epoch.</summary>
    public long Count { get; }

    /// <inheritdoc/>
    public void Draw(long step, Span<double> configurations, Span<double> action)
    {
        for (int i = 0; i < action.Length; i++)
        {
            long position = (step * batch) + i;
            int row = Seek(position / Count, position % Count);
            field.AsSpan(row * numbers, numbers).CopyTo(configurations[(i * numbers)..]);
            action[i] = energy[row];
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        // Segments are closed after they are read.
    }

    private int Seek(long wantedEpoch, long within)
    {
        if (wantedEpoch != epoch)
        {
            (epoch, place) = (wantedEpoch, -1);
            segments = Permutation(reader.Segments.Count, 0);
            long end = 0;
            for (int k = 0; k < segments.Length; k++) ends[k] = end += counts[segments[k]];
        }

        int found = 0;
        while (within >= ends[found]) found++;
        if (found != place)
        {
            place = found;
            var block = reader.ReadSegment(segments[place]);
            (field, energy) = (action.Field.FromStored(block.Field), block.FieldRows is null ? block.Action : BlockRows.Take(block, block.FieldRows).Action);
            rows = Permutation(block.FieldCount, 1 + (uint)place);
        }

        return rows[within - (place == 0 ? 0 : ends[place - 1])];
    }

    private int[] Permutation(int count, uint stream)
    {
        var random = new HostRandom(seed, Purpose.Training, epoch, stream);
        int[] order = [.. Enumerable.Range(0, count)];
        for (int i = count - 1; i > 0; i--)
        {
            int j = Math.Min(i, (int)(random.NextUniform() * (i + 1)));
            (order[i], order[j]) = (order[j], order[i]);
        }

        return order;
    }

    private static string? Difference(EnsembleHeader header, IAction action)
    {
        if (header.Field != action.Field.Name) return $"its field is {header.Field}, not {action.Field.Name}";
        if (!header.Extents.SequenceEqual(action.Lattice.Extents)) return $"its lattice is {string.Join('x', header.Extents)}, not {action.Lattice}";
        if (header.Action != action.Name) return $"its action is \"{header.Action}\", not \"{action.Name}\"";
        foreach (string name in header.ActionParameters.Keys.Union(action.Parameters.Keys))
        {
            double stored = header.ActionParameters.GetValueOrDefault(name, double.NaN), wanted = action.Parameters.GetValueOrDefault(name, double.NaN);
            if (!stored.Equals(wanted)) return FormattableString.Invariant($"its {name} is {stored}, not {wanted}");
        }

        return null;
    }
}
