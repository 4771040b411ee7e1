using System.Buffers.Binary;

namespace LatticeFlow.Interchange;

/// <summary>How a real number stands in a file.</summary>
internal readonly record struct RealFormat(bool IsDouble, bool IsBigEndian)
{
    public int Bytes => IsDouble ? sizeof(double) : sizeof(float);

    public double Get(ReadOnlySpan<byte> source) => (IsDouble, IsBigEndian) switch
    {
        (true, true) => BinaryPrimitives.ReadDoubleBigEndian(source),
        (true, false) => BinaryPrimitives.ReadDoubleLittleEndian(source),
        (false, true) => BinaryPrimitives.ReadSingleBigEndian(source),
        (false, false) => BinaryPrimitives.ReadSingleLittleEndian(source),
    };

    public void Put(Span<byte> target, double value)
    {
        switch (IsDouble, IsBigEndian)
        {
            case (true, true):
                BinaryPrimitives.WriteDoubleBigEndian(target, value);
                break;
            case (true, false):
                BinaryPrimitives.WriteDoubleLittleEndian(target, value);
                break;
            case (false, true):
                BinaryPrimitives.WriteSingleBigEndian(target, (float)value);
                break;
            case (false, false):
                BinaryPrimitives.WriteSingleLittleEndian(target, (float)value);
                break;
        }
    }
}
