using LatticeFlow.Storage;
using static LatticeFlow.Tests.StoredRun;

namespace LatticeFlow.Tests;

/// <summary>What <c>repair</c> makes of an ensemble that lost its manifest or a part of itself is the ensemble as it was, to the bit.</summary>
public sealed class RepairTests(StoredRun run) : IClassFixture<StoredRun>
{
    [Fact]
    public void What_is_whole_is_left_alone()
    {
        var copy = run.Copy();
        Assert.Equal("hmc: nothing to repair\nheatbath: nothing to repair\n", Repair(copy));
        AssertWhole(copy);
    }

    [Theory]
    [InlineData("removed")]
    [InlineData("emptied")]
    [InlineData("last line dropped")]
    [InlineData("last line torn")]
    [InlineData("a line in the middle damaged")]
    [InlineData("lines exchanged")]
    public void A_manifest_is_made_again_from_the_segments(string how)
    {
        var copy = run.Copy();
        var manifest = Path.Join(copy, "ensemble", "hmc", "manifest.jsonl");
        var text = File.ReadAllText(manifest);
        string[] lines = text.Split('\n')[..^1];
        var damaged = how switch
        {
            "last line dropped" => Join(lines[..^1]),
            "last line torn" => Join(lines[..^1]) + lines[^1][..40],
            "a line in the middle damaged" => text.Replace("\"first\":100", "\"first\":1e9", StringComparison.Ordinal),
            "lines exchanged" => Join([lines[1], lines[0], .. lines[2..]]),
            _ => "",
        };
        if (how == "removed") File.Delete(manifest);
        else File.WriteAllText(manifest, damaged);
        Assert.NotEqual(ExitCode.Done, Verify(copy).Code);
        Assert.Contains("hmc: wrote a manifest of 5 segments with 402 configurations", Repair(copy), StringComparison.Ordinal);
        AssertWhole(copy);
        // The old one is kept.
        if (how != "removed") Assert.Equal(damaged, File.ReadAllText(manifest + ".old"));
        var (code, _, output) = Verify(copy);
        Assert.True(code == ExitCode.Done, output);

        static string Join(string[] lines) => string.Concat(lines.Select(line => line + "\n"));
    }

    [Theory]
    [InlineData("hmc", new[] { 2 }, true)]
    [InlineData("hmc", new[] { 0 }, true)]
    [InlineData("hmc", new[] { 1, 2 }, true)]
    [InlineData("hmc", new[] { 2 }, false)]
    [InlineData("hmc", new[] { 0 }, false)]
    [InlineData("hmc", new[] { 1, 2 }, false)]
    [InlineData("heatbath", new[] { 1 }, false)]
    public void A_gap_is_drawn_again(string sample, int[] missing, bool knownHash)
    {
        var copy = run.Copy();
        var folder = Path.Join(copy, "ensemble", sample);
        foreach (var number in missing) File.Delete(Path.Join(folder, $"seg-{number:D6}.h5"));
        if (!knownHash) File.Delete(Path.Join(folder, "manifest.jsonl"));
        var said = Repair(copy);
        foreach (var number in missing)
            Assert.Contains($"{sample}: drew seg-{number:D6}.h5 again, {(sample == "hmc" ? 100 : 80)} configurations: {(knownHash ? "its hash is the one that the manifest knows" : "its hash was not known; what follows it comes out of it bit for bit")}", said, StringComparison.Ordinal);
        AssertWhole(copy);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_damaged_segment_is_set_aside_and_drawn_again(bool knownHash)
    {
        var copy = run.Copy();
        var path = Path.Join(copy, "ensemble", "hmc", "seg-000001.h5");
        // Without a known hash damage of numbers cannot be seen here; of the structure it can.
        var damaged = knownHash ? Flipped(File.ReadAllBytes(path)) : File.ReadAllBytes(path)[..3000];
        File.WriteAllBytes(path, damaged);
        if (!knownHash) File.Delete(Path.Join(copy, "ensemble", "hmc", "manifest.jsonl"));
        Assert.Contains("hmc: set aside seg-000001.h5, which ", Repair(copy), StringComparison.Ordinal);
        Assert.Equal(damaged, File.ReadAllBytes(path + ".corrupt"));
        AssertWhole(copy);
    }

    [Fact]
    public void A_segment_of_another_run_is_set_aside()
    {
        using var other = new CommandRun(Configuration);
        Assert.Equal(ExitCode.Done, other.In("run", "sample", "--set", "run.seed=4").Code);
        var copy = run.Copy();
        var path = Path.Join(copy, "ensemble", "hmc", "seg-000001.h5");
        File.Copy(other.At("run", "ensemble", "hmc", "seg-000001.h5"), path, overwrite: true);
        File.Delete(Path.Join(copy, "ensemble", "hmc", "manifest.jsonl"));
        Assert.Contains("which belongs to another ensemble: 'seed' differs", Repair(copy), StringComparison.Ordinal);
        Assert.True(File.Exists(path + ".corrupt"));
        AssertWhole(copy);
    }

    [Fact]
    public void Segments_that_a_resumed_run_set_aside_are_taken_back()
    {
        var copy = run.Copy();
        var folder = Path.Join(copy, "ensemble", "hmc");
        foreach (var path in Directory.GetFiles(folder, "seg-*.h5")) File.Move(path, path + ".unlisted");
        File.WriteAllText(Path.Join(folder, "manifest.jsonl"), "");
        Assert.Contains("hmc: took back seg-000003.h5 from seg-000003.h5.unlisted", Repair(copy), StringComparison.Ordinal);
        AssertWhole(copy);
    }

    [Fact]
    public void What_is_missing_at_the_end_is_left_to_a_resumed_run()
    {
        var copy = run.Copy();
        var path = Path.Join(copy, "ensemble", "hmc", "seg-000004.h5");
        File.WriteAllBytes(path, Flipped(File.ReadAllBytes(path)));
        Assert.Contains("hmc: seg-000004.h5 is damaged at the end: --resume draws it again", Repair(copy), StringComparison.Ordinal);
        Assert.Equal(400, EnsembleReader.Open(Path.GetDirectoryName(path)!).Count);
        Assert.Equal(ExitCode.Done, CommandRun.Invoke("sample", Path.Join(copy, "config.toml"), "--run-dir", copy, "--resume").Code);
        AssertWhole(copy);
    }

    [Fact]
    public void A_gap_that_cannot_be_closed_changes_nothing()
    {
        var copy = run.Copy();
        // What follows the gap was not drawn by this chain.
        Rewrite(copy, "hmc", blocks: blocks => [.. blocks.Select((block, i) => i < 3 ? block : Edited(block, edit => edit.Action[0] += 1e-9))]);
        var folder = Path.Join(copy, "ensemble", "hmc");
        File.Delete(Path.Join(folder, "seg-000002.h5"));
        File.Delete(Path.Join(folder, "manifest.jsonl"));
        var before = Listing(folder);
        var (code, _, error) = CommandRun.Invoke("repair", copy);
        Assert.Equal(ExitCode.CorruptData, code);
        Assert.Contains("seg-000002.h5: is missing and cannot be drawn again: seg-000003.h5 does not follow from what this program draws", error, StringComparison.Ordinal);
        Assert.Equal(before, Listing(folder));
    }

    [Fact]
    public void A_run_with_a_flow_is_repaired_too()
    {
        using var flow = new StoredFlowRun();
        var copy = flow.Copy("gap");
        var path = Path.Join(copy, "ensemble", "flow", "seg-000000.h5");
        var bytes = File.ReadAllBytes(path);
        File.Delete(path);
        Assert.Contains("flow: drew seg-000000.h5 again, 200 configurations: its hash is the one that the manifest knows", Repair(copy), StringComparison.Ordinal);
        Assert.Equal(bytes, File.ReadAllBytes(path));
    }

    [Fact]
    public void Readers_and_writers_of_a_lost_manifest_name_repair()
    {
        var copy = run.Copy();
        File.Delete(Path.Join(copy, "ensemble", "hmc", "manifest.jsonl"));
        var (code, _, error) = CommandRun.Invoke("sample", Path.Join(copy, "config.toml"), "--run-dir", copy, "--resume");
        Assert.Equal(ExitCode.CorruptData, code);
        Assert.Contains("latticeflow repair", error, StringComparison.Ordinal);
    }

    private static string Repair(string directory)
    {
        var (code, output, error) = CommandRun.Invoke("repair", directory);
        Assert.True(code == ExitCode.Done, error);
        return output;
    }

    private static byte[] Flipped(byte[] bytes)
    {
        bytes[bytes.Length / 2] ^= 1;
        return bytes;
    }

    private static string[] Listing(string folder) => [.. Directory.GetFiles(folder).Where(path => !path.EndsWith(".lock", StringComparison.Ordinal)).Select(path => $"{path} {Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(path)))}").Order()];

    private void AssertWhole(string copy)
    {
        foreach (var path in Directory.GetFiles(Path.Join(run.Directory, "ensemble"), "*", SearchOption.AllDirectories).Where(path => path.EndsWith(".h5", StringComparison.Ordinal) || path.EndsWith(".jsonl", StringComparison.Ordinal)))
            Assert.Equal(File.ReadAllBytes(path), File.ReadAllBytes(Path.Join(copy, Path.GetRelativePath(run.Directory, path))));
    }
}
