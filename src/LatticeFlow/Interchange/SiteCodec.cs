using System.Numerics;

namespace LatticeFlow.Interchange;

/// <summary>
/// The four links of a site, <c>[x y z t][row][column][2]</c> in a file and <c>[mu][row][column][2]</c> here. A file may keep the first N − 1 rows of a matrix of SU(N): of U⁻¹ = U† the last column is
/// that of the adjugate, so the last row is U_Nj = conj((−1)^(N+j) M_j) with M_j the determinant of the stored rows without column j; for SU(3) the conjugate vector product.
/// </summary>
internal sealed class SiteCodec(int n, int rows, RealFormat real)
{
    private readonly int numbersPerLink = 2 * n * n;
    private readonly int storedPerLink = 2 * n * rows;

    public int BytesPerSite => ForeignOrder.Dimensions * storedPerLink * real.Bytes;

    public int NumbersPerSite => ForeignOrder.Dimensions * numbersPerLink;

    public void Decode(ReadOnlySpan<byte> stored, Span<double> links)
    {
        for (int foreign = 0; foreign < ForeignOrder.Dimensions; foreign++)
        {
            var link = links.Slice(ForeignOrder.Direction(foreign) * numbersPerLink, numbersPerLink);
            for (int part = 0; part < storedPerLink; part++)
                link[part] = real.Get(stored[(((foreign * storedPerLink) + part) * real.Bytes)..]);
            if (rows < n)
                CompleteLastRow(link);
        }
    }

    public void Encode(ReadOnlySpan<double> links, Span<byte> stored)
    {
        for (int foreign = 0; foreign < ForeignOrder.Dimensions; foreign++)
        {
            var link = links.Slice(ForeignOrder.Direction(foreign) * numbersPerLink, numbersPerLink);
            for (int part = 0; part < storedPerLink; part++)
                real.Put(stored[(((foreign * storedPerLink) + part) * real.Bytes)..], link[part]);
        }
    }

    private void CompleteLastRow(Span<double> link)
    {
        if (n == 3)
        {
            CompleteThirdRow(link);
            return;
        }

        var minor = new Complex[n - 1, n - 1];
        for (int without = 0; without < n; without++)
        {
            for (int row = 0; row < n - 1; row++)
            {
                for (int column = 0; column < n - 1; column++)
                {
                    int entry = 2 * ((row * n) + column + (column < without ? 0 : 1));
                    minor[row, column] = new(link[entry], link[entry + 1]);
                }
            }

            var last = Complex.Conjugate(GaugeMeasurement.Determinant(minor)) * ((n + without) % 2 == 1 ? 1 : -1);
            int target = 2 * (((n - 1) * n) + without);
            (link[target], link[target + 1]) = (last.Real, last.Imaginary);
        }
    }

    private static void CompleteThirdRow(Span<double> link)
    {
        for (int column = 0; column < 3; column++)
        {
            int a = 2 * ((column + 1) % 3), b = 2 * ((column + 2) % 3);
            var first = link[..6];
            var second = link[6..12];
            link[12 + (2 * column)] = (first[a] * second[b]) - (first[a + 1] * second[b + 1]) - (first[b] * second[a]) + (first[b + 1] * second[a + 1]);
            link[13 + (2 * column)] = -((first[a] * second[b + 1]) + (first[a + 1] * second[b]) - (first[b] * second[a + 1]) - (first[b + 1] * second[a]));
        }
    }
}
