using System.Buffers.Binary;
using System.Numerics;
using System.Text;
using LatticeFlow.Interchange;

namespace LatticeFlow.Tests;

/// <summary>
/// Gauge files of other codes written, and those that this program writes read, from the descriptions of the formats alone, in the coordinates x, y, z, t of those descriptions: indices and byte orders are
/// worked out here and not in the library.
/// </summary>
internal sealed class ForeignFiles(GaugeConfiguration configuration)
{
    private readonly MemoryStream bytes = new();

    public int N { get; } = configuration.N;

    /// <summary>L_x, L_y, L_z, L_t.</summary>
    public int[] L { get; } = [.. configuration.Lattice.Extents.Reverse()];

    /// <summary>U_d(x, y, z, t), d counting x, y, z, t; coordinates modulo the extents.</summary>
    public Complex[,] Link(int x, int y, int z, int t, int d)
    {
        int site = (((((Wrap(t, 3) * L[2]) + Wrap(z, 2)) * L[1]) + Wrap(y, 1)) * L[0]) + Wrap(x, 0);
        int at = ((site * 4) + (3 - d)) * 2 * N * N;
        var u = new Complex[N, N];
        for (int i = 0; i < N * N; i++)
            u[i / N, i % N] = new(configuration.Links[at + (2 * i)], configuration.Links[at + (2 * i) + 1]);
        return u;
    }

    /// <summary>Mean of Re tr P / N.</summary>
    public double Plaquette()
    {
        double sum = 0;
        foreach (var (x, y, z, t) in Sites())
        {
            int[] s = [x, y, z, t];
            for (int d = 0; d < 4; d++)
            {
                for (int e = d + 1; e < 4; e++)
                {
                    int[] a = [.. s], b = [.. s];
                    a[d]++;
                    b[e]++;
                    var (one, two, three, four) = (Link(x, y, z, t, d), Link(a[0], a[1], a[2], a[3], e), Link(b[0], b[1], b[2], b[3], d), Link(x, y, z, t, e));
                    for (int i = 0; i < N; i++)
                    {
                        for (int j = 0; j < N; j++)
                        {
                            Complex left = 0, right = 0;
                            for (int k = 0; k < N; k++)
                            {
                                left += one[i, k] * two[k, j];
                                right += four[i, k] * three[k, j];
                            }

                            sum += (left * Complex.Conjugate(right)).Real;
                        }
                    }
                }
            }
        }

        return sum / (6 * N * L[0] * L[1] * L[2] * L[3]);
    }

    /// <summary>MILC v5.</summary>
    public byte[] Milc(bool bigEndian)
    {
        Int(20103, bigEndian);
        foreach (int extent in L)
            Int(extent, bigEndian);
        bytes.Write(Encoding.ASCII.GetBytes("Wed Oct 10 14:27:08 2001".PadRight(64, '\0')));
        Int(0, bigEndian);
        long sums = bytes.Position;
        Int(0, bigEndian);
        Int(0, bigEndian);
        long data = bytes.Position;
        SitesXFastest(rows: 3, (value) => Single((float)value, bigEndian));
        var (sum29, sum31) = MilcSums(bytes.ToArray().AsSpan((int)data), bigEndian);
        bytes.Position = sums;
        Int((int)sum29, bigEndian);
        Int((int)sum31, bigEndian);
        return bytes.ToArray();
    }

    /// <summary>openQCD's export_cnfg.</summary>
    public byte[] OpenQcd()
    {
        foreach (int extent in new[] { L[3], L[0], L[1], L[2] })
            Int(extent, bigEndian: false);
        Double(3 * Plaquette(), bigEndian: false);
        for (int t = 0; t < L[3]; t++)
        {
            for (int x = 0; x < L[0]; x++)
            {
                for (int y = 0; y < L[1]; y++)
                {
                    for (int z = 0; z < L[2]; z++)
                    {
                        if ((t + x + y + z) % 2 == 0)
                            continue;
                        Matrix(Link(x, y, z, t, 3));
                        Matrix(Link(x, y, z, t - 1, 3));
                        Matrix(Link(x, y, z, t, 0));
                        Matrix(Link(x - 1, y, z, t, 0));
                        Matrix(Link(x, y, z, t, 1));
                        Matrix(Link(x, y - 1, z, t, 1));
                        Matrix(Link(x, y, z, t, 2));
                        Matrix(Link(x, y, z - 1, t, 2));
                    }
                }
            }
        }

        return bytes.ToArray();

        void Matrix(Complex[,] u)
        {
            foreach (var entry in u)
            {
                Double(entry.Real, bigEndian: false);
                Double(entry.Imaginary, bigEndian: false);
            }
        }
    }

    /// <summary>HiRep.</summary>
    public byte[] HiRep()
    {
        foreach (int number in new[] { N, L[3], L[0], L[1], L[2] })
            Int(number, bigEndian: true);
        Double(Plaquette(), bigEndian: true);
        for (int t = 0; t < L[3]; t++)
        {
            for (int x = 0; x < L[0]; x++)
            {
                for (int y = 0; y < L[1]; y++)
                {
                    for (int z = 0; z < L[2]; z++)
                    {
                        foreach (int d in new[] { 3, 0, 1, 2 })
                        {
                            foreach (var entry in Link(x, y, z, t, d))
                            {
                                Double(entry.Real, bigEndian: true);
                                Double(entry.Imaginary, bigEndian: true);
                            }
                        }
                    }
                }
            }
        }

        return bytes.ToArray();
    }

    /// <summary>NERSC, big-endian float or double, with some rows of each matrix; the header's lines as given, with {checksum} and {plaquette} filled in.</summary>
    public byte[] Nersc(string header, int rows, bool isDouble, byte[]? trailing = null)
    {
        SitesXFastest(rows, value =>
        {
            if (isDouble)
                Double(value, bigEndian: true);
            else
                Single((float)value, bigEndian: true);
        });
        byte[] data = bytes.ToArray();
        uint sum = 0;
        for (int at = 0; at < data.Length; at += 4)
            sum += BinaryPrimitives.ReadUInt32BigEndian(data.AsSpan(at));
        string text = header.Replace("{checksum}", $"{sum:x}", StringComparison.Ordinal)
            .Replace("{plaquette}", Plaquette().ToString("G10", System.Globalization.CultureInfo.InvariantCulture), StringComparison.Ordinal);
        return [.. Encoding.ASCII.GetBytes(text), .. data, .. trailing ?? []];
    }

    /// <summary>The data record of ILDG and SciDAC files, double.</summary>
    public byte[] IldgData()
    {
        bytes.SetLength(0);
        SitesXFastest(N, value => Double(value, bigEndian: true));
        return bytes.ToArray();
    }

    public static (uint Sum29, uint Sum31) MilcSums(ReadOnlySpan<byte> data, bool bigEndian)
    {
        uint a = 0, b = 0;
        for (int i = 0; i < data.Length / 4; i++)
        {
            uint word = bigEndian ? BinaryPrimitives.ReadUInt32BigEndian(data[(4 * i)..]) : BinaryPrimitives.ReadUInt32LittleEndian(data[(4 * i)..]);
            int r29 = i % 29, r31 = i % 31;
            a ^= r29 == 0 ? word : (word << r29) | (word >> (32 - r29));
            b ^= r31 == 0 ? word : (word << r31) | (word >> (32 - r31));
        }

        return (a, b);
    }

    public IEnumerable<(int X, int Y, int Z, int T)> Sites()
    {
        for (int t = 0; t < L[3]; t++)
        {
            for (int z = 0; z < L[2]; z++)
            {
                for (int y = 0; y < L[1]; y++)
                {
                    for (int x = 0; x < L[0]; x++)
                        yield return (x, y, z, t);
                }
            }
        }
    }

    private void SitesXFastest(int rows, Action<double> put)
    {
        foreach (var (x, y, z, t) in Sites())
        {
            for (int d = 0; d < 4; d++)
            {
                var u = Link(x, y, z, t, d);
                for (int i = 0; i < rows * N; i++)
                {
                    put(u[i / N, i % N].Real);
                    put(u[i / N, i % N].Imaginary);
                }
            }
        }
    }

    private int Wrap(int x, int d) => ((x % L[d]) + L[d]) % L[d];

    private void Int(int value, bool bigEndian) => Put(BitConverter.GetBytes(value), bigEndian);

    private void Single(float value, bool bigEndian) => Put(BitConverter.GetBytes(value), bigEndian);

    private void Double(double value, bool bigEndian) => Put(BitConverter.GetBytes(value), bigEndian);

    private void Put(byte[] number, bool bigEndian)
    {
        if (bigEndian == BitConverter.IsLittleEndian)
            Array.Reverse(number);
        bytes.Write(number);
    }
}
