using System.Diagnostics;
using LatticeFlow.Storage;
using LatticeFlow.Tests.KillTarget;

namespace LatticeFlow.Tests;

public class KillTests
{
    private const int Kills = 10;
    private const int Segments = 120;

    /// <summary>A life is 1 to 10 segments long, so that ten of them do not finish the chain …</summary>
    private const int LongestLife = 10;

    /// <summary>… and ends up to this many microseconds after a segment was reported, somewhere in the writing of the next.</summary>
    private const int LongestDelay = 8000;

    [LinuxFact]
    public void A_chain_killed_ten_times_ends_bit_for_bit_like_one_that_was_not()
    {
        using var scratch = new ScratchDirectory();
        string killed = scratch.At("killed"), whole = scratch.At("whole");
        var random = new Random(99);
        int hits = 0;
        for (int kill = 0; kill < Kills; kill++)
        {
            using var child = Process.Start(new ProcessStartInfo("dotnet", ["exec", typeof(DeterministicChain).Assembly.Location, killed, $"{Segments}"]) { RedirectStandardOutput = true })!;
            for (int stored = random.Next(1, LongestLife + 1); stored > 0; stored--)
                Assert.Equal("stored", child.StandardOutput.ReadLine());
            Thread.Sleep(TimeSpan.FromMicroseconds(random.Next(LongestDelay)));
            if (!child.HasExited)
            {
                child.Kill(); // SIGKILL
                hits++;
            }

            child.WaitForExit();
        }

        Assert.Equal(Kills, hits);
        Assert.InRange(File.ReadLines(Path.Combine(killed, "manifest.jsonl")).Count(), Kills, Segments - 1);
        DeterministicChain.Run(killed, Segments);
        DeterministicChain.Run(whole, Segments);

        Assert.Equal(File.ReadAllBytes(Path.Combine(whole, "manifest.jsonl")), File.ReadAllBytes(Path.Combine(killed, "manifest.jsonl")));
        foreach (string segment in Directory.GetFiles(whole, "seg-*.h5"))
            Assert.Equal(File.ReadAllBytes(segment), File.ReadAllBytes(Path.Combine(killed, Path.GetFileName(segment))));
        Assert.Empty(Directory.GetFiles(killed, "*.corrupt*"));
        Assert.Empty(Directory.GetFiles(killed, ".*.tmp"));
        EnsembleReader.Open(killed).VerifyAll();
    }
}
