using LatticeFlow.Fields;
using LatticeFlow.Lattice;
using LatticeFlow.Storage;

namespace LatticeFlow.Interchange;

/// <summary>The configurations of a stored ensemble one by one, in the form in which gauge files are read and written.</summary>
public static class EnsembleConfigurations
{
    /// <summary>Row <paramref name="row"/> of a block; <paramref name="origin"/> is the file or directory of the ensemble, for messages.</summary>
    /// <exception cref="StorageException">The ensemble is of a scalar (exit code 2).</exception>
    public static GaugeConfiguration Of(string origin, EnsembleHeader header, EnsembleBlock block, int row)
    {
        ArgumentNullException.ThrowIfNull(header);
        if (!header.HasLinks)
            throw new StorageException(origin, $"holds a {header.Field} field, which has no links", "Export it as hdf5", StorageException.Unusable);
        int length = checked((int)header.DoublesPerConfiguration), place = block.FieldIndexOf(row);
        if (place < 0)
            throw new StorageException(origin, $"row {row} of a segment has no configuration: the run stored its observables alone", "Choose rows that have one", StorageException.Unusable);
        return new(new LatticeGeometry(header.Extents), header.MatrixSize, block.Field[checked(place * length)..checked((place + 1) * length)]);
    }

    /// <summary>Refuses with exit code 2 what no gauge file of other codes can hold: U(1), a scalar, other dimensions than four.</summary>
    public static void RequireMatrices(string origin, EnsembleHeader header)
    {
        ArgumentNullException.ThrowIfNull(header);
        if (header.Representation != FieldRepresentation.Matrix)
            throw new StorageException(origin, $"holds a {header.Field} field, gauge files of other codes hold matrices of SU(N)", "Export it as hdf5", StorageException.Unusable);
        if (header.Dimensions != ForeignOrder.Dimensions)
            throw new StorageException(origin, $"has {header.Dimensions} dimensions, gauge files of other codes have {ForeignOrder.Dimensions}", "Export it as hdf5", StorageException.Unusable);
    }
}
