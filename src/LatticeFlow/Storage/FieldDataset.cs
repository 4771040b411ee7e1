using System.Runtime.InteropServices;
using LatticeFlow.Fields;
using PureHDF;

namespace LatticeFlow.Storage;

/// <summary>The dataset of the configurations of a segment or an exported file, in any <see cref="FieldEncoding"/>.</summary>
internal static class FieldDataset
{
    // Doubles that are converted at once: a multiple of the numbers of a matrix.
    private const int Piece = 18 << 16;

    /// <summary>A dataset of so many configurations without its data.</summary>
    public static H5Dataset Declare(EnsembleHeader header, FieldEncoding encoding, int configurations)
    {
        ulong[] shape = encoding.Shape(header, configurations);
        return (header.Representation == FieldRepresentation.Matrix, encoding.IsSingle) switch
        {
            (true, true) => new H5Dataset<Memory<SingleEntry>>(fileDims: shape),
            (true, false) => new H5Dataset<Memory<ComplexEntry>>(fileDims: shape),
            (false, true) => new H5Dataset<Memory<float>>(fileDims: shape),
            _ => new H5Dataset<Memory<double>>(fileDims: shape),
        };
    }

    /// <summary>The dataset of a block with its data, which are written now or later.</summary>
    public static H5Dataset Of(EnsembleHeader header, EnsembleBlock block, DeferredData deferred)
    {
        if (block.Encoding.IsExact)
        {
            ulong[] shape = header.FieldShape(block.FieldCount);
            return header.Representation == FieldRepresentation.Matrix ? deferred.Complex(header.Dataset, block.Field, shape) : (H5Dataset)deferred.Dataset(header.Dataset, block.Field, shape);
        }

        deferred.Later(header.Dataset, block.FieldCount * block.Encoding.Numbers(header) * block.Encoding.BytesOfNumber, (stream, offset) => Write(stream, offset, header, block));
        return Declare(header, block.Encoding, block.FieldCount);
    }

    /// <summary>Writes the configurations of a block from a byte of the file on, piece by piece.</summary>
    public static void Write(FileStream stream, long offset, EnsembleHeader header, EnsembleBlock block)
    {
        var encoding = block.Encoding;
        if (encoding.IsExact)
        {
            DeferredData.WriteAt<double>(stream, offset, block.Field);
            return;
        }

        var rows = encoding.TwoRows ? new double[Piece / 3 * 2] : [];
        var single = encoding.IsSingle ? new float[Piece] : [];
        for (long first = 0; first < block.Field.LongLength; first += Piece)
        {
            ReadOnlySpan<double> numbers = block.Field.AsSpan((int)first, (int)Math.Min(Piece, block.Field.LongLength - first));
            if (encoding.TwoRows)
            {
                FieldCodec.Shorten(numbers, rows);
                numbers = rows.AsSpan(0, numbers.Length / 3 * 2);
            }

            if (!encoding.IsSingle)
            {
                DeferredData.WriteAt(stream, offset, numbers);
            }
            else
            {
                FieldCodec.Round(numbers, single, header.Representation);
                DeferredData.WriteAt<float>(stream, offset, single.AsSpan(0, numbers.Length));
            }

            offset += (long)numbers.Length * encoding.BytesOfNumber;
        }
    }

    /// <summary>How the configurations of a file are stored.</summary>
    public static FieldEncoding EncodingOf(Hdf5Source source, EnsembleHeader header)
    {
        var (shape, type) = (source.Shape(Path(header)), source.TypeOf(Path(header)));
        bool isMatrix = header.Representation == FieldRepresentation.Matrix;
        return new((isMatrix ? type.ComplexPart : type.Size) == sizeof(float), isMatrix && header.MatrixSize == 3 && shape.Length > 2 && shape[^2] == 2);
    }

    /// <summary>Reads <paramref name="count"/> configurations of <paramref name="total"/> from number <paramref name="first"/> on.</summary>
    public static double[] Read(Hdf5Source source, EnsembleHeader header, FieldEncoding encoding, int total, int first, int count)
    {
        bool isMatrix = header.Representation == FieldRepresentation.Matrix;
        source.RequireField(Path(header), encoding.Shape(header, total), isMatrix, encoding.BytesOfNumber);
        long of = encoding.Numbers(header), length = count * of;
        long whole = count * header.DoublesPerConfiguration;
        if (whole > Array.MaxLength)
            throw new StorageException(source.Path, $"holds {count} configurations of {header.DoublesPerConfiguration} numbers, more than one array can hold", "Read fewer at once");
        var field = GC.AllocateUninitializedArray<double>((int)whole);
        if (encoding.IsExact)
        {
            source.ReadNumbers<double>(Path(header), first * of, field);
            return field;
        }

        int piece = encoding.TwoRows ? Piece / 3 * 2 : Piece;
        var (single, rows) = (encoding.IsSingle ? new float[piece] : [], new double[piece]);
        int target = 0;
        for (long done = 0; done < length; done += piece)
        {
            int numbers = (int)Math.Min(piece, length - done);
            if (encoding.IsSingle)
            {
                source.ReadNumbers(Path(header), (first * of) + done, single.AsSpan(0, numbers));
                for (int i = 0; i < numbers; i++)
                    rows[i] = single[i];
            }
            else
            {
                source.ReadNumbers(Path(header), (first * of) + done, rows.AsSpan(0, numbers));
            }

            int grown = encoding.TwoRows ? numbers / 2 * 3 : numbers;
            if (encoding.TwoRows)
                FieldCodec.Complete(rows.AsSpan(0, numbers), field.AsSpan(target, grown));
            else
                rows.AsSpan(0, numbers).CopyTo(field.AsSpan(target));
            target += grown;
        }

        return field;
    }

    private static string Path(EnsembleHeader header) => "/" + header.Dataset;
}

/// <summary>One matrix entry in single precision: compound {r, i}, which h5py reads as complex64.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct SingleEntry
{
#pragma warning disable CS0649, CA1051, IDE1006 // laid out and not filled: the data are written as floats
    public float r;
    public float i;
#pragma warning restore CS0649, CA1051, IDE1006
}
