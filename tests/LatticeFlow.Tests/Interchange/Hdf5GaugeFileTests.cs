using LatticeFlow.Interchange;
using LatticeFlow.Storage;

namespace LatticeFlow.Tests;

/// <summary>HDF5 files as QDP++ and h5py write them, made by h5py from the links in a NERSC file.</summary>
public sealed class Hdf5GaugeFileTests : IDisposable
{
    /// <summary>Reads a NERSC file in double, [t, z, y, x, d, row, column], and stores it in several forms.</summary>
    private const string Script = """
        import sys, h5py, numpy as np
        source, n, form, target = sys.argv[1], int(sys.argv[2]), sys.argv[3], sys.argv[4]
        raw = open(source, 'rb').read()
        head, data = raw.split(b'END_HEADER\n', 1)
        keys = dict(line.split(b' = ', 1) for line in head.split(b'\n') if b' = ' in line)
        x, y, z, t = (int(keys[b'DIMENSION_%d' % i]) for i in (1, 2, 3, 4))
        u = np.frombuffer(data, '>c16').reshape(t, z, y, x, 4, n, n)
        plaquette = float(keys[b'PLAQUETTE'])
        with h5py.File(target, 'w') as f:
            if form == 'qdp':
                c = np.dtype([('r', '<f8'), ('i', '<f8')])
                kind = h5py.h5t.array_create(h5py.h5t.py_create(c), (n, n))
                d = h5py.h5d.create(f.id, b'config', kind, h5py.h5s.create_simple((t, z, y, x, 4)))
                d.write(h5py.h5s.ALL, h5py.h5s.ALL, np.ascontiguousarray(u.astype('<c16')).view(c), mtype=kind)
            elif form == 'first':
                f['gauge/links'] = np.moveaxis(u, 4, 0).astype('<c16')
            elif form == 'big':
                f['links'] = u
            elif form == 'lying':
                f['links'] = u.astype('<c16')
                f['links'].attrs['plaquette'] = plaquette + 0.01
            elif form == 'chunked':
                f.create_dataset('links', data=u.astype('<c16'), chunks=True, compression='gzip')
            elif form == 'other':
                f['numbers'] = np.arange(10.0)
            else:
                f['b/links'] = u.astype('<c8' if form == 'float' else '<c16')
                f['b/links'].attrs['plaquette'] = plaquette
                f['a'] = np.arange(10.0)
        """;

    private readonly ScratchDirectory scratch = new();

    public void Dispose() => scratch.Dispose();

    [H5pyFact]
    public void Matrices_of_QDP_and_h5py_are_read()
    {
        foreach (int n in new[] { 2, 3 })
        {
            var links = GaugeSamples.Random(n, seed: 31, 2, 3, 2, 5);
            foreach (string form in new[] { "qdp", "last", "first", "big", "float" })
            {
                string path = Stored(links, form);
                var format = GaugeFileFormats.Detect(path);
                Assert.Equal("h5", format.Name);
                var file = format.Read(path);
                Assert.Equal(links.Lattice, file.Configuration.Lattice);
                Assert.All(links.Links.Zip(file.Configuration.Links), pair => Assert.Equal(pair.First, pair.Second, form == "float" ? 1e-6 : 0.0));
                Assert.Equal(new ForeignFiles(links).Plaquette(), file.Plaquette, form == "float" ? 1e-6 : 1e-13);
                Assert.Equal(form is not ("last" or "float"), file.Warnings.Contains("states no plaquette, so the order of its extents, sites and directions could not be checked by it"));
            }
        }
    }

    [H5pyFact]
    public void Other_plaquettes_and_other_datasets_are_refused()
    {
        var links = GaugeSamples.Random(3, seed: 32, 2, 2, 2, 2);
        Assert.Equal((StorageException.Corrupt, true), Refused(Stored(links, "lying"), "the attribute of /links says"));
        Assert.Equal((StorageException.Unusable, true), Refused(Stored(links, "chunked"), "which is not read"));
        Assert.Equal((StorageException.Unusable, true), Refused(Stored(links, "other"), "has no contiguous dataset"));
    }

    [Fact]
    public void Ensembles_of_this_program_are_not_foreign()
    {
        string file = scratch.At("one.h5"), run = scratch.At("run");
        Assert.Equal(ExitCode.Done, CommandRun.Invoke("import", GaugeSamples.Milc, "--to", file).Code);
        Assert.Equal(ExitCode.Done, CommandRun.Invoke("import", GaugeSamples.Milc, "--to", run).Code);
        foreach (string own in new[] { file, scratch.At("run", "ensemble", "import", "seg-000000.h5") })
        {
            var (code, _, error) = CommandRun.Invoke("import", own, "--to", scratch.At("never"));
            Assert.Equal(ExitCode.BadUsage, code);
            Assert.Contains("is an ensemble of this program already", error, StringComparison.Ordinal);
        }
    }

    private static (int, bool) Refused(string path, string complaint)
    {
        var fault = Assert.Throws<StorageException>(() => new Hdf5GaugeFile().Read(path));
        return (fault.ExitCode, fault.Message.Contains(complaint, StringComparison.Ordinal));
    }

    private string Stored(GaugeConfiguration links, string form)
    {
        string nersc = scratch.At(Guid.NewGuid().ToString("N")), target = nersc + ".h5", script = scratch.At("script.py");
        new NerscFile().Write(nersc, links);
        File.WriteAllText(script, Script);
        var (code, output) = Shell.Run(H5pyFactAttribute.Python, script, nersc, links.N.ToString(System.Globalization.CultureInfo.InvariantCulture), form, target);
        Assert.True(code == 0, output);
        return target;
    }
}
