using System.Text.Json;

namespace LatticeFlow.Costs;

/// <summary>How much was done: elements by kind, and floating-point operations. A sum that grows; not a number among the operations stays one, and means that somebody did not state theirs.</summary>
public sealed class Work : IEquatable<Work>
{
    private readonly double[] elements = new double[Kinds.Count];

    /// <summary>All kinds.</summary>
    public static IReadOnlyList<WorkKind> Kinds { get; } = Enum.GetValues<WorkKind>();

    /// <summary>Numbers of <see cref="ToNumbers"/>.</summary>
    public static int Numbers => Kinds.Count + 1;

    /// <summary>Nominal floating-point operations (<see cref="NominalFlops"/>); not a number where some are not stated.</summary>
    public double Flops { get; private set; }

    /// <summary>Elements of a kind.</summary>
    public double this[WorkKind kind] => elements[(int)kind];

    /// <summary>The name of a kind in files, as <c>heat_bath</c>.</summary>
    public static string Name(WorkKind kind) => JsonNamingPolicy.SnakeCaseLower.ConvertName(kind.ToString());

    /// <summary>Adds elements of a kind and what they cost.</summary>
    public void Add(WorkKind kind, double count, double flops)
    {
        if (count == 0) return;
        elements[(int)kind] += count;
        Flops += flops;
    }

    /// <summary>Adds all of another.</summary>
    public void Add(Work other)
    {
        for (int i = 0; i < elements.Length; i++) elements[i] += other.elements[i];
        Flops += other.Flops;
    }

    /// <summary>Back to nothing.</summary>
    public void Clear()
    {
        Array.Clear(elements);
        Flops = 0;
    }

    /// <summary>The same from here on.</summary>
    public Work Copy() => FromNumbers(ToNumbers());

    /// <summary>What has come since <paramref name="before"/>, a copy of this one.</summary>
    public Work Since(Work before)
    {
        var difference = new Work();
        for (int i = 0; i < elements.Length; i++) difference.elements[i] = elements[i] - before.elements[i];
        difference.Flops = Flops - before.Flops;
        return difference;
    }

    /// <summary>All of it times a factor.</summary>
    public Work Times(double factor)
    {
        var product = new Work();
        for (int i = 0; i < elements.Length; i++) product.elements[i] = elements[i] * factor;
        product.Flops = Flops * factor;
        return product;
    }

    /// <summary>The elements in the order of <see cref="Kinds"/>, then the operations.</summary>
    public double[] ToNumbers() => [.. elements, Flops];

    /// <summary>The reverse of <see cref="ToNumbers"/>. Of fewer numbers, as an earlier version with fewer kinds wrote them, the last is the operations and other kinds are 0.</summary>
    /// <exception cref="ArgumentException">There are too many, or none.</exception>
    public static Work FromNumbers(ReadOnlySpan<double> numbers)
    {
        if (numbers.Length == 0 || numbers.Length > Numbers) throw new ArgumentException($"{numbers.Length} numbers are no counts of work: there are {Numbers}.", nameof(numbers));
        var work = new Work { Flops = numbers[^1] };
        numbers[..^1].CopyTo(work.elements);
        return work;
    }

    /// <inheritdoc/>
    public bool Equals(Work? other) => other is not null && elements.AsSpan().SequenceEqual(other.elements) && Flops.Equals(other.Flops);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as Work);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(elements[0], Flops);
}
