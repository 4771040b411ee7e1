namespace LatticeFlow.Sampling;

/// <summary>The complete state of a chain as it is written to a checkpoint: counters, the configurations <c>[replica][element][component]</c> (null where they are kept elsewhere), S, and the numbers of the transition.</summary>
public sealed record SavedChain(long Step, long Transitions, long Version, double[]? Field, double[] Action, double[] Transition)
{
    private const uint Format = 0x4C464331; // "LFC1"

    /// <summary>A state as it was written before its parts were sections of their own: one array of bytes.</summary>
    /// <exception cref="InvalidDataException">The bytes are no such state.</exception>
    public static SavedChain FromBytes(byte[] bytes)
    {
        using var reader = new BinaryReader(new MemoryStream(bytes, writable: false));
        try
        {
            if (reader.ReadUInt32() != Format) throw new InvalidDataException("a saved chain was expected, but the bytes do not begin like one.");
            var saved = new SavedChain(reader.ReadInt64(), reader.ReadInt64(), reader.ReadInt64(), Numbers(reader), Numbers(reader), Numbers(reader));
            if (reader.BaseStream.Position != bytes.Length) throw new InvalidDataException("a saved chain is followed by bytes that do not belong to it.");
            return saved;
        }
        catch (EndOfStreamException)
        {
            throw new InvalidDataException("a saved chain ends too early: the file is truncated.");
        }
    }

    /// <summary>Throws InvalidDataException unless the parts have these lengths.</summary>
    internal void Check(long numbers, int actions, int transition)
    {
        Require("field", Field?.LongLength ?? 0, numbers);
        Require("actions", Action.Length, actions);
        Require("transition", Transition.Length, transition);
        if (Step < 0 || Transitions < 0) throw new InvalidDataException($"a saved chain stands at step {Step} after {Transitions} transitions.");
    }

    /// <summary>Equal to the last bit.</summary>
    public bool Equals(SavedChain? other) =>
        other is not null && (Step, Transitions, Version) == (other.Step, other.Transitions, other.Version)
        && (Field is null) == (other.Field is null) && SameBits(Field, other.Field) && SameBits(Action, other.Action) && SameBits(Transition, other.Transition);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Step, Transitions, Version);

    private static bool SameBits(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        if (a.Length != b.Length) return false;
        for (int i = 0; i < a.Length; i++)
        {
            if (BitConverter.DoubleToInt64Bits(a[i]) != BitConverter.DoubleToInt64Bits(b[i])) return false;
        }

        return true;
    }

    private static void Require(string what, long length, long expected)
    {
        if (length != expected)
            throw new InvalidDataException($"a saved chain has {length} numbers for its {what} where {expected} belong: it was saved with another lattice, number of replicas or sampler.");
    }

    private static double[] Numbers(BinaryReader reader)
    {
        int length = reader.ReadInt32();
        if (length < 0 || length > (reader.BaseStream.Length - reader.BaseStream.Position) / sizeof(double)) throw new InvalidDataException($"a saved chain claims {length} numbers that it does not have.");
        var numbers = new double[length];
        for (int i = 0; i < length; i++) numbers[i] = reader.ReadDouble();
        return numbers;
    }
}
