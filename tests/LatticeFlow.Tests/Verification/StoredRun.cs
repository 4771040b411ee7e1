using System.Globalization;
using LatticeFlow.Storage;

namespace LatticeFlow.Tests;

/// <summary>A small finished run of three samplers, made once; tests change copies of it.</summary>
public sealed class StoredRun : IDisposable
{
    /// <summary>HMC with one rejection in a few; heat bath with a stride; both in several segments.</summary>
    public const string Configuration = """
        [run]
        name = "stored"
        device = "cpu"
        threads = 1
        seed = 3
        [theory]
        extents = [4, 6]
        action = { kind = "wilson", beta = 1.5 }
        [[sample]]
        sampler = "hmc"
        trajectory_length = 1.6
        steps = 2
        configurations = 402
        replicas = 4
        thermalization = 40
        segment = 100
        [[sample]]
        sampler = "heatbath"
        overrelaxation = 1
        configurations = 240
        replicas = 4
        thermalization = 30
        stride = 2
        segment = 80
        [analyze]
        observables = ["plaquette", "topological_charge", "topological_charge_squared", "wilson_loop_2x2", "polyakov_re", "clover_energy", "plaquette_stout2"]
        """;

    private int _copies;

    public StoredRun()
    {
        Commands = new(Configuration);
        var (code, output, error) = Commands.In("run", "run");
        // So few configurations may fail a diagnostic; nothing here is about that.
        Assert.True(code is ExitCode.Done or ExitCode.DiagnosticsFailed, output + error);
    }

    internal CommandRun Commands { get; }

    public string Directory => Commands.At("run");

    /// <summary>A copy to be changed.</summary>
    public string Copy()
    {
        var target = Commands.At($"copy{Interlocked.Increment(ref _copies)}");
        CopyTo(Directory, target);
        return target;
    }

    public void Dispose() => Commands.Dispose();

    internal static void CopyTo(string source, string target)
    {
        foreach (var file in System.IO.Directory.EnumerateFiles(source, "*", SearchOption.AllDirectories).Where(file => !file.EndsWith(".lock", StringComparison.Ordinal)))
        {
            var copy = Path.Join(target, Path.GetRelativePath(source, file));
            System.IO.Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
            File.SetAttributes(copy, FileAttributes.Normal);
        }
    }

    /// <summary>The checks that a copy fails.</summary>
    internal static (int Code, string[] Failed, string Output) Verify(string directory, params string[] more)
    {
        var (code, output, error) = CommandRun.Invoke(["verify", directory, .. more]);
        string[] failed = [.. output.Split('\n').Where(line => line.StartsWith("FAIL ", StringComparison.Ordinal) || line.StartsWith("BAD  ", StringComparison.Ordinal))
            .Select(line => line[5..].Split(": ") is [var sample, var check, ..] ? line[5..].StartsWith("analysis.json", StringComparison.Ordinal) || line[5..].StartsWith("resolved.toml", StringComparison.Ordinal) ? sample : $"{sample}: {check}" : line)];
        return (code, failed, output + error);
    }

    /// <summary>Writes an ensemble again with other contents, and makes hashes and manifest again, as somebody would who wants them to be believed.</summary>
    internal static void Rewrite(string directory, string sample, Func<EnsembleHeader, EnsembleHeader>? header = null, Func<IReadOnlyList<EnsembleBlock>, IReadOnlyList<EnsembleBlock>>? blocks = null)
    {
        var folder = Path.Join(directory, "ensemble", sample);
        var reader = EnsembleReader.Open(folder);
        EnsembleBlock[] before = [.. reader.Blocks()];
        ChainState[] states = [.. Enumerable.Range(0, before.Length).Select(reader.ReadState)];
        var fresh = folder + ".new";
        using (var writer = EnsembleWriter.Create(fresh, header?.Invoke(reader.Header) ?? reader.Header))
        {
            var after = blocks?.Invoke(before) ?? before;
            for (var i = 0; i < after.Count; i++) writer.Append(after[i], states[Math.Min(i, states.Length - 1)]);
        }
        foreach (var file in System.IO.Directory.EnumerateFiles(folder)) File.SetAttributes(file, FileAttributes.Normal);
        System.IO.Directory.Delete(folder, recursive: true);
        System.IO.Directory.Move(fresh, folder);
    }

    /// <summary>A block with columns that are changed in place.</summary>
    internal static EnsembleBlock Edited(EnsembleBlock block, Action<EnsembleBlock> edit)
    {
        var copy = new EnsembleBlock
        {
            Count = block.Count,
            Field = [.. block.Field],
            Replica = [.. block.Replica],
            Step = [.. block.Step],
            Accepted = [.. block.Accepted],
            Action = [.. block.Action],
            LogQ = block.LogQ is null ? null : [.. block.LogQ],
            LogWeight = block.LogWeight is null ? null : [.. block.LogWeight],
            DeltaH = block.DeltaH is null ? null : [.. block.DeltaH],
            Observables = [],
        };
        foreach (var (name, column) in block.Observables) copy.Observables[name] = new([.. column.Values], column.Shape);
        edit(copy);
        return copy;
    }

    /// <summary>Copies a row with everything but its replica and step.</summary>
    internal static void CopyRow(EnsembleBlock source, int from, EnsembleBlock target, int to)
    {
        Values(source.Field, target.Field, source.Field.Length / source.Count);
        target.Accepted[to] = source.Accepted[from];
        target.Action[to] = source.Action[from];
        if (source.DeltaH is { } deltaH) target.DeltaH![to] = deltaH[from];
        foreach (var (name, column) in source.Observables) Values(column.Values, target.Observables[name].Values, column.Components);

        void Values(double[] a, double[] b, int numbers) => Array.Copy(a, from * numbers, b, to * numbers, numbers);
    }

    /// <summary>Replaces text that has to be there.</summary>
    internal static void Replace(string path, string old, string now)
    {
        var text = File.ReadAllText(path);
        Assert.Contains(old, text, StringComparison.Ordinal);
        File.WriteAllText(path, text.Replace(old, now, StringComparison.Ordinal));
    }

    internal static string Number(double value) => value.ToString("R", CultureInfo.InvariantCulture);
}
