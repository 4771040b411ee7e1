using LatticeFlow.Fields;
using LatticeFlow.Lattice;
using LatticeFlow.Storage;

namespace LatticeFlow.Interchange;

/// <summary>The configurations of a stored ensemble one by one, as gauge files of other codes hold them.</summary>
public static class EnsembleConfigurations
{
    /// <summary>Row <paramref name="row"/> of a block; <paramref name="origin"/> is the file or directory of the ensemble, for messages.</summary>
    /// <exception cref="StorageException">The ensemble is of U(1) or of a scalar, or of a dimension that no lattice here has (exit code 2).</exception>
    public static GaugeConfiguration Of(string origin, EnsembleHeader header, EnsembleBlock block, int row)
    {
        RequireMatrices(origin, header);
        int length = checked((int)header.DoublesPerConfiguration);
        return new(new LatticeGeometry(header.Extents), header.MatrixSize, block.Field[checked(row * length)..checked((row + 1) * length)]);
    }

    /// <summary>Throws what <see cref="Of"/> would throw.</summary>
    public static void RequireMatrices(string origin, EnsembleHeader header)
    {
        ArgumentNullException.ThrowIfNull(header);
        if (header.Representation != FieldRepresentation.Matrix)
            throw new StorageException(origin, $"holds a {header.Field} field, gauge files of other codes hold matrices of SU(N)", "Export it as hdf5", StorageException.Unusable);
        if (header.Dimensions != ForeignOrder.Dimensions)
            throw new StorageException(origin, $"has {header.Dimensions} dimensions, gauge files of other codes have {ForeignOrder.Dimensions}", "Export it as hdf5", StorageException.Unusable);
    }
}
