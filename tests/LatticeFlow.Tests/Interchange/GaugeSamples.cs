using System.Numerics;
using LatticeFlow.Interchange;
using LatticeFlow.Lattice;

namespace LatticeFlow.Tests;

/// <summary>Gauge files of other codes, and random configurations.</summary>
internal static class GaugeSamples
{
    /// <summary>SIMULATeQCD, 8×8×8×4, SU(3), double.</summary>
    public static string Nersc => Data("nersc.l8t4b3360");

    /// <summary>The same configuration.</summary>
    public static string Ildg => Data("ildg.l8t4b3360");

    /// <summary>MILC, written by QIO, 4×4×4×4, SU(3), single precision.</summary>
    public static string Milc => Data("lat.sample.l4444.ildg");

    /// <summary>MILC v5, 4×4×4×8, SU(3).</summary>
    public static string MilcBigEndian => Data("lat.sample.l4448");

    /// <summary>MILC v5, 4×4×4×4, SU(3).</summary>
    public static string MilcLittleEndian => Data("lat.sample.l4444");

    /// <summary>A NERSC header as MILC writes it: MILC_INFO twice, no FLOATING_POINT.</summary>
    public static string MilcNersc => Data("milc_nersc.l4448");

    /// <summary>SU(2) on 4×4×4×4 in one LIME record without description.</summary>
    public static string Su2 => Data("su2.l4t4.ildg");

    /// <summary>Independent links: rows of normal numbers, orthogonalised, the last one turned so that the determinant is 1. Plaquettes of all planes and positions differ.</summary>
    public static GaugeConfiguration Random(int n, int seed, params int[] extents)
    {
        var random = new Random(seed);
        var lattice = new LatticeGeometry(extents);
        var links = new double[2 * n * n * lattice.Links];
        for (int link = 0; link < lattice.Links; link++)
        {
            Complex[][] rows = [.. Enumerable.Range(0, n).Select(_ => Enumerable.Range(0, n).Select(_ => new Complex(random.NextDouble() - 0.5, random.NextDouble() - 0.5)).ToArray())];
            Orthonormalise(rows);
            Orthonormalise(rows);
            var phase = Complex.Conjugate(Determinant(rows));
            rows[^1] = [.. rows[^1].Select(entry => entry * phase)];
            for (int row = 0; row < n; row++)
            {
                for (int column = 0; column < n; column++)
                {
                    int at = 2 * ((((link * n) + row) * n) + column);
                    (links[at], links[at + 1]) = (rows[row][column].Real, rows[row][column].Imaginary);
                }
            }
        }

        return new(lattice, n, links);
    }

    private static string Data(string name) => Path.Join(AppContext.BaseDirectory, "Data", name);

    private static void Orthonormalise(Complex[][] rows)
    {
        for (int i = 0; i < rows.Length; i++)
        {
            for (int j = 0; j < i; j++)
            {
                var overlap = rows[i].Zip(rows[j], (a, b) => a * Complex.Conjugate(b)).Aggregate(Complex.Zero, (sum, term) => sum + term);
                rows[i] = [.. rows[i].Zip(rows[j], (a, b) => a - (overlap * b))];
            }

            double norm = Math.Sqrt(rows[i].Sum(entry => (entry * Complex.Conjugate(entry)).Real));
            rows[i] = [.. rows[i].Select(entry => entry / norm)];
        }
    }

    /// <summary>Laplace's expansion along the first row.</summary>
    private static Complex Determinant(Complex[][] rows)
    {
        if (rows.Length == 1)
            return rows[0][0];
        var sum = Complex.Zero;
        for (int column = 0; column < rows.Length; column++)
        {
            Complex[][] minor = [.. rows.Skip(1).Select(row => row.Where((_, at) => at != column).ToArray())];
            sum += (column % 2 == 0 ? 1 : -1) * rows[0][column] * Determinant(minor);
        }

        return sum;
    }
}
