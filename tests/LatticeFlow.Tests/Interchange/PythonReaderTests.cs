using System.Diagnostics;
using System.Text.RegularExpressions;

namespace LatticeFlow.Tests;

/// <summary>The Python reader, by the recipes of its page as they stand there.</summary>
public sealed class PythonReaderTests : IDisposable
{
    private const string Configuration = """
        [run]
        name = "quickstart"
        device = "cpu"
        [theory]
        extents = [4, 8]
        action = { kind = "wilson", beta = 1.0 }
        [flow]
        layers = [ { kind = "plaquette-coupling", count = 4, hidden = [4] } ]
        [train]
        steps = 6
        batch = 64
        [[sample]]
        sampler = "flow"
        configurations = 400
        replicas = 8
        thermalization = 5
        [[sample]]
        sampler = "hmc"
        steps = 4
        configurations = 250
        replicas = 8
        thermalization = 20
        segment = 100
        """;

    private readonly CommandRun run = new(Configuration);

    public void Dispose() => run.Dispose();

    [H5pyFact]
    public void The_recipes_run_as_they_stand()
    {
        string root = Repository.Root;
        string page = File.ReadAllText(Path.Combine(root, "docs", "howto", "read-in-python.md"));
        Directory.CreateDirectory(run.At("runs"));
        Assert.True(run.In(Path.Join("runs", "quickstart"), "run", "--set", "analyze.target_samples=0").Code is ExitCode.Done or ExitCode.DiagnosticsFailed);
        foreach (Match line in Regex.Matches(page, @"^latticeflow (measure|export) (.+)$", RegexOptions.Multiline))
        {
            string[] arguments = [line.Groups[1].Value, .. line.Groups[2].Value.Split(' ').Select(word => word.StartsWith("runs/", StringComparison.Ordinal) || word.StartsWith("hmc.", StringComparison.Ordinal) ? run.At(word) : word)];
            var (code, _, error) = CommandRun.Invoke(arguments);
            Assert.True(code == ExitCode.Done, error);
        }

        bool hasXarray = Shell.Run(H5pyFactAttribute.Python, "-c", "import xarray, h5netcdf").ExitCode == 0;
        var recipes = Regex.Matches(page, "^```python\n(.+?)^```", RegexOptions.Multiline | RegexOptions.Singleline);
        Assert.Equal(7, recipes.Count);
        foreach (string recipe in recipes.Select(recipe => recipe.Groups[1].Value).Where(recipe => hasXarray || !recipe.Contains("xarray", StringComparison.Ordinal)))
        {
            var (code, output) = Python(root, recipe);
            Assert.True(code == 0, $"{recipe}\n{output}");
        }

        // What is damaged is not read.
        string values = run.At("runs", "quickstart", "ensemble", "hmc", "measurements", "set-001", "values-000002.h5");
        File.SetAttributes(values, FileAttributes.Normal);
        byte[] bytes = File.ReadAllBytes(values);
        bytes[^20] ^= 1;
        File.WriteAllBytes(values, bytes);
        var (failed, message) = Python(root, "from latticeflow_reader import Ensemble\nEnsemble('runs/quickstart', 'hmc').series('wilson_loop_2x2')\n");
        Assert.NotEqual(0, failed);
        Assert.Contains("does not have the SHA-256 that its manifest says", message, StringComparison.Ordinal);
    }

    private (int Code, string Output) Python(string root, string script)
    {
        var start = new ProcessStartInfo(H5pyFactAttribute.Python, ["-"]) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = run.At() };
        start.Environment["PYTHONPATH"] = Path.Combine(root, "scripts", "python");
        start.Environment["PYTHONDONTWRITEBYTECODE"] = "1";
        using var process = Process.Start(start)!;
        process.StandardInput.Write(script);
        process.StandardInput.Close();
        var errors = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output + errors.Result);
    }
}
