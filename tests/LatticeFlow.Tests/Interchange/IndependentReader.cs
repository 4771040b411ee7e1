using System.Globalization;
using System.Numerics;
using System.Text;
using System.Text.RegularExpressions;

namespace LatticeFlow.Tests;

/// <summary>
/// NERSC and ILDG files read from their published descriptions alone, byte by byte and in the coordinates of those descriptions; shares nothing with the library.
/// </summary>
internal sealed class IndependentReader
{
    private readonly byte[] bytes;
    private int rows = 3;

    private IndependentReader(string path) => bytes = File.ReadAllBytes(path);

    public Dictionary<string, string> Header { get; } = [];

    public int N { get; private set; } = 3;

    /// <summary>L_x, L_y, L_z, L_t.</summary>
    public int[] L { get; private set; } = [];

    public bool BigEndian { get; private set; } = true;

    public int RealBytes { get; private set; }

    public int Start { get; private set; }

    public int SiteBytes => 4 * rows * N * 2 * RealBytes;

    private int Sites => L[0] * L[1] * L[2] * L[3];

    public static IndependentReader Nersc(string path)
    {
        var file = new IndependentReader(path);
        string text = Encoding.Latin1.GetString(file.bytes);
        file.Start = text.IndexOf("END_HEADER\n", StringComparison.Ordinal) + "END_HEADER\n".Length;
        foreach (Match line in Regex.Matches(text[..file.Start], @"^([A-Z_0-9]+) *= *(.*)$", RegexOptions.Multiline))
            file.Header.Add(line.Groups[1].Value, line.Groups[2].Value);
        file.L = [.. Enumerable.Range(1, 4).Select(d => int.Parse(file.Header[$"DIMENSION_{d}"], CultureInfo.InvariantCulture))];
        file.RealBytes = file.Header["FLOATING_POINT"].Contains("64", StringComparison.Ordinal) ? 8 : 4;
        file.BigEndian = file.Header["FLOATING_POINT"].EndsWith("BIG", StringComparison.Ordinal);
        file.N = file.Header["DATATYPE"]["4D_SU".Length] - '0';
        file.rows = file.Header["DATATYPE"] == "4D_SU3_GAUGE" ? 2 : file.N;
        Assert.Equal(file.bytes.Length, file.Start + (file.Sites * file.SiteBytes));
        return file;
    }

    public static IndependentReader Ildg(string path)
    {
        var file = new IndependentReader(path);
        bool mayBegin = true;
        for (int at = 0; at < file.bytes.Length;)
        {
            Assert.Equal(0x456789ABu, file.Word(at, bigEndian: true));
            Assert.Equal([0, 1], file.bytes[(at + 4)..(at + 6)]);
            int flags = file.bytes[at + 6];
            Assert.Equal(mayBegin, (flags & 0x80) != 0);
            mayBegin = (flags & 0x40) != 0;
            Assert.Equal(0u, file.Word(at + 8, bigEndian: true));
            int length = (int)file.Word(at + 12, bigEndian: true);
            string type = Encoding.ASCII.GetString(file.bytes, at + 16, 128).Split('\0')[0];
            if (type == "ildg-binary-data")
                file.Start = at + 144;
            else
                file.Header.Add(type, Encoding.ASCII.GetString(file.bytes, at + 144, length));
            at += 144 + ((length + 7) / 8 * 8);
        }

        Assert.True(mayBegin);
        string format = file.Header["ildg-format"];
        file.L = [.. "xyzt".Select(d => int.Parse(Regex.Match(format, $"<l{d}>([0-9]+)<").Groups[1].Value, CultureInfo.InvariantCulture))];
        file.RealBytes = int.Parse(Regex.Match(format, "<precision>([0-9]+)<").Groups[1].Value, CultureInfo.InvariantCulture) / 8;
        file.N = file.rows = int.Parse(Regex.Match(format, "<field>su([0-9]+)gauge<").Groups[1].Value, CultureInfo.InvariantCulture);
        return file;
    }

    /// <summary>U_d(x, y, z, t), d counting x, y, z, t.</summary>
    public Complex[,] Link(int x, int y, int z, int t, int d)
    {
        int site = Modulo(x, 0) + (L[0] * (Modulo(y, 1) + (L[1] * (Modulo(z, 2) + (L[2] * Modulo(t, 3))))));
        int start = Start + (site * SiteBytes) + (d * SiteBytes / 4);
        var u = new Complex[N, N];
        for (int row = 0; row < rows; row++)
        {
            for (int column = 0; column < N; column++)
            {
                int entry = start + (((row * N) + column) * 2 * RealBytes);
                u[row, column] = new(Real(entry), Real(entry + RealBytes));
            }
        }

        if (rows < N)
        {
            for (int c = 0; c < 3; c++)
                u[2, c] = Complex.Conjugate((u[0, (c + 1) % 3] * u[1, (c + 2) % 3]) - (u[0, (c + 2) % 3] * u[1, (c + 1) % 3]));
        }

        return u;
    }

    /// <summary>Mean of Re tr U_d(x) U_e(x+d) U_d(x+e)† U_e(x)† / N.</summary>
    public double Plaquette(int d, int e)
    {
        double sum = 0;
        foreach (int[] s in Coordinates())
        {
            int[] a = [.. s], b = [.. s];
            a[d]++;
            b[e]++;
            var product = Times(Times(Link(s, d), Link(a, e)), Times(Dagger(Link(b, d)), Dagger(Link(s, e))));
            for (int i = 0; i < N; i++)
                sum += product[i, i].Real;
        }

        return sum / Sites / N;
    }

    public double MeanPlaquette() => (Plaquette(0, 1) + Plaquette(0, 2) + Plaquette(0, 3) + Plaquette(1, 2) + Plaquette(1, 3) + Plaquette(2, 3)) / 6;

    public double LinkTrace()
    {
        double sum = 0;
        foreach (int[] s in Coordinates())
        {
            for (int d = 0; d < 4; d++)
            {
                var u = Link(s, d);
                for (int i = 0; i < N; i++)
                    sum += u[i, i].Real;
            }
        }

        return sum / Sites / 4 / N;
    }

    public uint WordSum()
    {
        uint sum = 0;
        for (int at = Start; at < Start + (Sites * SiteBytes); at += 4)
            sum += Word(at, BigEndian);
        return sum;
    }

    public (uint A, uint B) ScidacSums()
    {
        uint a = 0, b = 0;
        for (int s = 0; s < Sites; s++)
        {
            uint crc = Crc32(bytes.AsSpan(Start + (s * SiteBytes), SiteBytes));
            int r29 = s % 29, r31 = s % 31;
            a ^= r29 == 0 ? crc : (crc << r29) | (crc >> (32 - r29));
            b ^= r31 == 0 ? crc : (crc << r31) | (crc >> (32 - r31));
        }

        return (a, b);
    }

    public IEnumerable<int[]> Coordinates()
    {
        for (int t = 0; t < L[3]; t++)
        {
            for (int z = 0; z < L[2]; z++)
            {
                for (int y = 0; y < L[1]; y++)
                {
                    for (int x = 0; x < L[0]; x++)
                        yield return [x, y, z, t];
                }
            }
        }
    }

    public Complex[,] Link(int[] s, int d) => Link(s[0], s[1], s[2], s[3], d);

    private static uint Crc32(ReadOnlySpan<byte> data)
    {
        uint crc = 0xFFFFFFFF;
        foreach (byte b in data)
        {
            crc ^= b;
            for (int bit = 0; bit < 8; bit++)
                crc = (crc & 1) != 0 ? (crc >> 1) ^ 0xEDB88320 : crc >> 1;
        }

        return ~crc;
    }

    private static Complex[,] Times(Complex[,] a, Complex[,] b)
    {
        int n = a.GetLength(0);
        var c = new Complex[n, n];
        for (int i = 0; i < n; i++)
        {
            for (int j = 0; j < n; j++)
            {
                for (int k = 0; k < n; k++)
                    c[i, j] += a[i, k] * b[k, j];
            }
        }

        return c;
    }

    private static Complex[,] Dagger(Complex[,] a)
    {
        int n = a.GetLength(0);
        var c = new Complex[n, n];
        for (int i = 0; i < n; i++)
        {
            for (int j = 0; j < n; j++)
                c[i, j] = Complex.Conjugate(a[j, i]);
        }

        return c;
    }

    private int Modulo(int x, int d) => ((x % L[d]) + L[d]) % L[d];

    private uint Word(int at, bool bigEndian)
    {
        byte[] word = bytes[at..(at + 4)];
        return bigEndian ? ((uint)word[0] << 24) | ((uint)word[1] << 16) | ((uint)word[2] << 8) | word[3] : ((uint)word[3] << 24) | ((uint)word[2] << 16) | ((uint)word[1] << 8) | word[0];
    }

    private double Real(int at)
    {
        byte[] real = bytes[at..(at + RealBytes)];
        if (BigEndian == BitConverter.IsLittleEndian)
            Array.Reverse(real);
        return RealBytes == 8 ? BitConverter.ToDouble(real) : BitConverter.ToSingle(real);
    }
}
