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

    /// <summary>Throws unless the dataset holds so many configurations in this form.</summary>
    public static void Require(Hdf5Source source, EnsembleHeader header, FieldEncoding encoding, int configurations)
        => source.RequireField(Path(header), encoding.Shape(header, configurations), header.Representation == FieldRepresentation.Matrix, encoding.BytesOfNumber);

    /// <summary>All configurations, of which there are so many.</summary>
    public static double[] Read(Hdf5Source source, EnsembleHeader header, FieldEncoding encoding, int configurations)
    {
        Require(source, header, encoding, configurations);
        long numbers = configurations * header.DoublesPerConfiguration;
        if (numbers > Array.MaxLength)
            throw new StorageException(source.Path, $"holds {configurations} configurations of {header.DoublesPerConfiguration} numbers, more than one array can hold", "Read fewer at once");
        var field = GC.AllocateUninitializedArray<double>((int)numbers);
        ReadPart(source, header, encoding, 0, field);
        return field;
    }

    /// <summary>Numbers as they are in memory, from number <paramref name="first"/> of all configurations on; of two rows whole matrices.</summary>
    public static void ReadPart(Hdf5Source source, EnsembleHeader header, FieldEncoding encoding, long first, Span<double> target)
    {
        if (encoding.IsExact)
        {
            source.ReadNumbers(Path(header), first, target);
            return;
        }

        int length = Math.Min(Piece, target.Length);
        var rows = encoding.TwoRows ? new double[length / 3 * 2] : [];
        var single = encoding.IsSingle ? new float[length] : [];
        for (int done = 0; done < target.Length; done += Piece)
        {
            var piece = target.Slice(done, Math.Min(Piece, target.Length - done));
            var numbers = encoding.TwoRows ? rows.AsSpan(0, piece.Length / 3 * 2) : piece;
            long place = encoding.TwoRows ? (first + done) / 3 * 2 : first + done;
            if (encoding.IsSingle)
            {
                var read = single.AsSpan(0, numbers.Length);
                source.ReadNumbers(Path(header), place, read);
                for (int i = 0; i < read.Length; i++)
                    numbers[i] = read[i];
            }
            else
            {
                source.ReadNumbers(Path(header), place, numbers);
            }

            if (encoding.TwoRows)
                FieldCodec.Complete(numbers, piece);
        }
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
