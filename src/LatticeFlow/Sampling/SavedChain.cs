namespace LatticeFlow.Sampling;

/// <summary>The complete state of a chain as it is written to a checkpoint.</summary>
internal sealed record SavedChain(long Step, long Transitions, long Version, double[] Field, double[] Action, double[] Transition)
{
    private const uint Format = 0x4C464331; // "LFC1"

    public byte[] ToBytes()
    {
        using var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream);
        writer.Write(Format);
        writer.Write(Step);
        writer.Write(Transitions);
        writer.Write(Version);
        foreach (var numbers in new[] { Field, Action, Transition })
        {
            writer.Write(numbers.Length);
            foreach (double number in numbers) writer.Write(number);
        }

        writer.Flush();
        return stream.ToArray();
    }

    public static SavedChain FromBytes(ReadOnlySpan<byte> bytes, int numbers, int actions, int transition)
    {
        using var reader = new BinaryReader(new MemoryStream(bytes.ToArray()));
        try
        {
            if (reader.ReadUInt32() != Format) throw new InvalidDataException("a saved chain was expected, but the bytes do not begin like one.");
            var saved = new SavedChain(
                reader.ReadInt64(), reader.ReadInt64(), reader.ReadInt64(), Numbers(reader, "field", numbers), Numbers(reader, "actions", actions), Numbers(reader, "transition", transition));
            if (reader.BaseStream.Position != bytes.Length) throw new InvalidDataException("a saved chain is followed by bytes that do not belong to it.");
            return saved;
        }
        catch (EndOfStreamException)
        {
            throw new InvalidDataException("a saved chain ends too early: the file is truncated.");
        }
    }

    private static double[] Numbers(BinaryReader reader, string what, int expected)
    {
        int length = reader.ReadInt32();
        if (length != expected)
            throw new InvalidDataException($"a saved chain has {length} numbers for its {what} where {expected} belong: it was saved with another lattice, number of replicas or sampler.");
        var numbers = new double[length];
        for (int i = 0; i < length; i++) numbers[i] = reader.ReadDouble();
        return numbers;
    }
}
