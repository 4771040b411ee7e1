using System.Globalization;
using LatticeFlow.Storage;

namespace LatticeFlow.Tests;

public class InteroperabilityTests
{
    [H5pyFact]
    public void H5py_reads_all_representations_and_all_columns()
    {
        using var scratch = new ScratchDirectory();
        foreach (string group in new[] { "U1", "SU2", "scalar" })
        {
            var header = StorageSamples.Header(group, 2, 3) with { Config = new string('c', 70_000) };
            string folder = scratch.At(group);
            StorageSamples.Write(folder, header, segments: 2);
            EnsembleExport.Write(EnsembleReader.Open(folder), scratch.At(group + ".h5"));
            var block = StorageSamples.Block(header, 3, 3);
            var (dataset, attribute, shape) = group switch
            {
                "U1" => ("links", "group", "(3, 2, 3, 2)"),
                "SU2" => ("links", "group", "(3, 2, 3, 2, 2, 2)"),
                _ => ("field", "field", "(3, 2, 3)"),
            };
            string representation = group switch { "U1" => "angle", "SU2" => "matrix", _ => "real" };
            string script = $"""
                import h5py
                f = h5py.File(r"{folder}/seg-000001.h5", "r")
                a = f.attrs
                assert a["format"] == 1 and a["{attribute}"] == "{group}" and ("field" if "{attribute}" == "group" else "group") not in a and a["sampler"] == "hmc" and a["rng"] == "philox4x32-10" and len(a["config"]) == 70000
                assert list(a["extents"]) == [2, 3] and a["beta"] == 2.25 and int(a["seed"]) == 2**64 - 4
                links = f["{dataset}"]
                assert links.chunks is None and links.shape == {shape}, links.shape
                assert links.attrs["representation"] == "{representation}"
                assert links.dtype == "{(group == "SU2" ? "complex128" : "float64")}"
                x = links[:].reshape(-1)
                value = x[5].imag if "{group}" == "SU2" else x[5]
                assert value == {block.Field[group == "SU2" ? 11 : 5].ToString("R", CultureInfo.InvariantCulture)}, value
                c = f["chain"]
                assert c["replica"].dtype == "int64" and c["accepted"].dtype == "uint8" and list(c["step"][:]) == [1, 1, 1]
                assert c["log_q"].shape == (3,) and c["log_weight"].shape == (3,) and "delta_h" not in c
                assert f["observables/plaquette"][2] == 0.05 and f["observables/polyakov_re"].shape == (3, 2, 3)
                assert f["state/step"][()] == 1 and f["state"].attrs["rng_counter"] == 1
                e = h5py.File(r"{scratch.At(group + ".h5")}", "r")
                assert e["{dataset}"].shape[0] == 6 and (e["{dataset}"][3:] == links[:]).all() and e["observables/plaquette"][5] == 0.05
                print("ok")
                """;
            var (code, output) = Shell.Run(H5pyFactAttribute.Python, "-c", script);
            Assert.True(code == 0 && output.Trim() == "ok", output);
        }
    }

    [H5pyFact]
    public void H5py_reads_a_checkpoint()
    {
        using var scratch = new ScratchDirectory();
        CheckpointWriter.Write(scratch.At("c.h5"), "flow", new StateSections().Set("parameters", [0.5, 0.25]).Set("moments", [1f]).Set("step", 7L).Set("config", "β = 2"));
        string script = $"""
            import h5py
            f = h5py.File(r"{scratch.At("c.h5")}", "r")
            s = f["sections"]
            assert f.attrs["kind"] == "flow" and list(s["parameters"][:]) == [0.5, 0.25] and s["moments"].dtype == "float32" and s["step"][()] == 7
            assert s["config"].asstr()[()] == "β = 2"
            print("ok")
            """;
        var (code, output) = Shell.Run(H5pyFactAttribute.Python, "-c", script);
        Assert.True(code == 0 && output.Trim() == "ok", output);
    }

    [H5pyFact]
    public void The_python_sample_in_the_documentation_runs()
    {
        using var scratch = new ScratchDirectory();
        StorageSamples.Write(scratch.At("runs", "quickstart", "ensemble", "hmc"), StorageSamples.Header("U1", 8, 8), segments: 3);
        string? root = AppContext.BaseDirectory;
        while (root is not null && !File.Exists(Path.Combine(root, "LatticeFlow.sln")))
            root = Path.GetDirectoryName(root);
        Assert.NotNull(root);
        string page = File.ReadAllText(Path.Combine(root, "docs", "storage.md"));
        const string Opening = "```python\n";
        int start = page.IndexOf(Opening, StringComparison.Ordinal) + Opening.Length;
        string sample = page[start..page.IndexOf("```", start, StringComparison.Ordinal)];
        var (code, output) = Shell.Run(
            H5pyFactAttribute.Python, "-c", $"import os\nos.chdir(r'{scratch.Path}')\n{sample}\nprint(beta, len(config) > 0, links.shape, chain0.tolist())");
        Assert.True(code == 0, output);
        Assert.Equal("2.25 True (3, 8, 8, 2) [0.0, 0.03, 0.06]", output.Trim());
    }

    [H5dumpFact]
    public void H5dump_reads_every_dataset()
    {
        using var scratch = new ScratchDirectory();
        StorageSamples.Write(scratch.Path, StorageSamples.Header("SU3", 2, 2), segments: 1);
        var (code, output) = Shell.Run("h5dump", scratch.At("seg-000000.h5"));
        Assert.Equal(0, code);
        foreach (string name in new[] { "links", "replica", "log_weight", "polyakov_re", "rng_counter" })
            Assert.Contains($"\"{name}\"", output);
    }
}
