using System.Globalization;
using System.Text;
using LatticeFlow.Interchange;
using LatticeFlow.Storage;

namespace LatticeFlow.Tests;

/// <summary>Arrays of NumPy with links of U(1) in two dimensions, made here from the description of the format.</summary>
public sealed class NumpyTests : IDisposable
{
    private const double Rounding = 1e-14;

    private readonly ScratchDirectory scratch = new();

    public void Dispose() => scratch.Dispose();

    [Theory]
    [InlineData("<f8", true, 1)]
    [InlineData(">f8", false, 1)]
    [InlineData("<c16", true, 2)]
    [InlineData("<f4", false, 3)]
    [InlineData("<c8", true, 1)]
    public void Angles_and_phases_are_read(string type, bool directionFirst, int version)
    {
        // U_mu(n; x, y) = f, on 3 x 5 sites.
        double[] angles = Angles(count: 4, 3, 5);
        string path = Stored(type, directionFirst, version, angles, 4, 3, 5);
        var format = GaugeFileFormats.Detect(path);
        Assert.Equal("npy", format.Name);
        Assert.Equal(4, format.Entries(path).Count);
        double tolerance = type is "<f8" or ">f8" ? 0.0 : type == "<c16" ? 1e-15 : 1e-6;
        for (int n = 0; n < 4; n++)
        {
            var file = format.Read(path, entry: n);
            Assert.Equal((1, 3, 5), (file.Configuration.N, file.Configuration.Lattice.Extents[0], file.Configuration.Lattice.Extents[1]));
            double sum = 0;
            for (int x = 0; x < 3; x++)
            {
                for (int y = 0; y < 5; y++)
                {
                    for (int mu = 0; mu < 2; mu++)
                        Assert.Equal(angles[At(n, mu, x, y)], file.Configuration.Link(file.Configuration.Lattice.Site(x, y), mu)[0], tolerance);

                    // As the notebook of those papers: P01(x) = θ_0(x) + θ_1(x + 0) − θ_0(x + 1) − θ_1(x).
                    sum += Math.Cos(angles[At(n, 0, x, y)] + angles[At(n, 1, (x + 1) % 3, y)] - angles[At(n, 0, x, (y + 1) % 5)] - angles[At(n, 1, x, y)]);
                }
            }

            Assert.Equal(sum / 15, file.Plaquette, Math.Max(10 * tolerance, Rounding));
        }

        static int At(int n, int mu, int x, int y) => (((((n * 2) + mu) * 3) + x) * 5) + y;
    }

    [Fact]
    public void An_array_becomes_an_ensemble_that_is_analysed_and_verified()
    {
        double[] angles = Angles(count: 30, 4, 4);
        string run = scratch.At("run"), path = Stored("<f8", directionFirst: true, 1, angles, 30, 4, 4);
        Assert.Equal(ExitCode.Done, CommandRun.Invoke("import", path, "--to", run, "--beta", "2").Code);
        var reader = EnsembleReader.Open(scratch.At("run", "ensemble", "import"));
        Assert.Equal(("U1", 30L), (reader.Header.Field, reader.Count));
        Assert.Equal(Enumerable.Range(0, 30).Select(n => (long)n), reader.ReadSegment(0).Step);
        Assert.Equal(ExitCode.Done, CommandRun.Invoke("verify", run).Code);
        Assert.Contains(CommandRun.Invoke("analyze", run).Code, new[] { ExitCode.Done, ExitCode.DiagnosticsFailed });
        Assert.Equal(ExitCode.BadUsage, CommandRun.Invoke("export", run, "--format", "nersc", "--output", scratch.At("out")).Code);
    }

    [Theory]
    [InlineData("'<f8'", "'<i8'", "are no angles or phases")]
    [InlineData("'<f8'", "'|O' ", "without descr")]
    [InlineData("False", "True ", "Fortran's order")]
    [InlineData("(4, 2, 3, 5)", "(4, 2, 3, 6)", "truncated or extended")]
    [InlineData("(4, 2, 3, 5)", "(4, 3, 5, 3)", "has the shape (4, 3, 5, 3)")]
    [InlineData("(4, 2, 3, 5)", "(120,)      ", "has the shape (120)")]
    [InlineData("(4, 2, 3, 5)", "(0, 2, 3, 5)", "has the shape (0, 2, 3, 5)")]
    [InlineData("NUMPY\x1", "NUMPY\x9", "version 9")]
    public void What_is_no_field_of_links_is_refused(string text, string other, string complaint)
    {
        string path = Stored("<f8", directionFirst: true, 1, Angles(4, 3, 5), 4, 3, 5);
        string content = Encoding.Latin1.GetString(File.ReadAllBytes(path));
        Assert.Contains(text, content, StringComparison.Ordinal);
        File.WriteAllBytes(path, Encoding.Latin1.GetBytes(content.Replace(text, other, StringComparison.Ordinal)));
        Assert.Contains(complaint, Assert.Throws<StorageException>(() => new NumpyFile().Read(path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Numbers_that_are_no_angles_or_phases_are_refused_and_large_angles_are_reduced()
    {
        double[] angles = Angles(1, 2, 3);
        angles[5] = double.NaN;
        Assert.Throws<StorageException>(() => new NumpyFile().Read(Stored("<f8", true, 1, angles, 1, 2, 3)));
        angles[5] = (40 * Math.PI) + 1;
        Assert.Equal(1, new NumpyFile().Read(Stored("<f8", true, 1, angles, 1, 2, 3)).Configuration.Links.Max(link => Math.Abs(link - 1) < 1e-12 ? 1.0 : 0.0));
        string path = Stored("<c16", true, 1, Angles(1, 2, 3), 1, 2, 3);
        byte[] bytes = File.ReadAllBytes(path);
        BitConverter.TryWriteBytes(bytes.AsSpan(bytes.Length - 16), 2.0);
        File.WriteAllBytes(path, bytes);
        Assert.Throws<StorageException>(() => new NumpyFile().Read(path));
    }

    /// <summary>[n, mu, x, y], different everywhere.</summary>
    internal static double[] Angles(int count, int x, int y)
    {
        var random = new Random(3);
        return [.. Enumerable.Range(0, count * 2 * x * y).Select(_ => Math.PI * ((2 * random.NextDouble()) - 1))];
    }

    internal static byte[] Array(string type, bool directionFirst, int version, double[] angles, params int[] shape)
    {
        var (count, x, y) = (shape[0], shape[1], shape[2]);
        using var data = new MemoryStream();
        for (int at = 0; at < angles.Length; at++)
        {
            // The stored index to (n, mu, x, y).
            int configuration = at / (2 * x * y), rest = at % (2 * x * y), mu = directionFirst ? rest / (x * y) : rest % 2, site = directionFirst ? rest % (x * y) : rest / 2;
            double angle = angles[(((configuration * 2) + mu) * x * y) + site];
            foreach (double number in type[1] == 'c' ? [Math.Cos(angle), Math.Sin(angle)] : new[] { angle })
            {
                byte[] bytes = type is "<f4" or "<c8" ? BitConverter.GetBytes((float)number) : BitConverter.GetBytes(number);
                if (type[0] == '>')
                    System.Array.Reverse(bytes);
                data.Write(bytes);
            }
        }

        string text = string.Create(CultureInfo.InvariantCulture, $"{{'descr': '{type}', 'fortran_order': False, 'shape': ({count}, {(directionFirst ? $"2, {x}, {y}" : $"{x}, {y}, 2")}), }}");
        int prefix = version == 1 ? 10 : 12, length = ((prefix + text.Length + 64) / 64 * 64) - prefix;
        byte[] size = version == 1 ? BitConverter.GetBytes((ushort)length) : BitConverter.GetBytes(length);
        return [0x93, .. "NUMPY"u8, (byte)version, 0, .. size, .. Encoding.ASCII.GetBytes(text.PadRight(length - 1) + "\n"), .. data.ToArray()];
    }

    private string Stored(string type, bool directionFirst, int version, double[] angles, params int[] shape)
    {
        string path = scratch.At("links.npy");
        File.WriteAllBytes(path, Array(type, directionFirst, version, angles, shape));
        return path;
    }
}
