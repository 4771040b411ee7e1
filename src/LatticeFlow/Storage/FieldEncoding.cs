namespace LatticeFlow.Storage;

/// <summary>How configurations stand in a file: as they are, or in less room.</summary>
/// <param name="IsSingle">Numbers in single precision.</param>
/// <param name="TwoRows">Of SU(3): the first two rows of a matrix; the third is the complex conjugate of their cross product.</param>
public readonly record struct FieldEncoding(bool IsSingle, bool TwoRows)
{
    /// <summary>To the bit.</summary>
    public static FieldEncoding Exact => default;

    /// <summary>Whether what is read is what was written, to the bit.</summary>
    public bool IsExact => this == Exact;

    /// <summary>Bytes of a number.</summary>
    public int BytesOfNumber => IsSingle ? sizeof(float) : sizeof(double);

    /// <summary>Rows of a matrix that are in the file.</summary>
    public int RowsOf(EnsembleHeader header) => TwoRows ? 2 : header.MatrixSize;

    /// <summary>Shape of the dataset for n configurations, as HDF5 sees it (a matrix entry is one compound element).</summary>
    public ulong[] Shape(EnsembleHeader header, int configurations)
    {
        ulong[] shape = header.FieldShape(configurations);
        if (TwoRows)
            shape[^2] = 2;
        return shape;
    }

    /// <summary>Numbers of a configuration in the file.</summary>
    public long Numbers(EnsembleHeader header) => TwoRows ? header.DoublesPerConfiguration / 3 * 2 : header.DoublesPerConfiguration;
}
