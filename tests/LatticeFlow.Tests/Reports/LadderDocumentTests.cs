using LatticeFlow.Cli.Services;

namespace LatticeFlow.Tests;

/// <summary>What is said of ladders: rates, round trips, and warnings where nothing travels.</summary>
public class LadderDocumentTests
{
    [Fact]
    public void Rates_and_round_trips_are_those_that_were_counted()
    {
        var ladder = LadderRecord.Of([new("heatbath", 400, 400), new("exchange 1-0.6", 200, 50), new("exchange 0.6-0", 200, 80), new("round trips of the ladder", 400, 7)])!;
        Assert.Equal([0.25, 0.4], ladder.Exchanges.Select(pair => pair.Acceptance!.Value));
        Assert.Equal(["1-0.6", "0.6-0"], ladder.Exchanges.Select(pair => pair.Rungs));
        Assert.Equal("neighbours on the ladder exchange in 25 to 40 % of the attempts; 7 round trips in 400 transitions", ladder.ToString());
        Assert.Empty(ladder.Warnings());
        Assert.Null(LadderRecord.Of([new("heatbath", 400, 400)]));
        Assert.Equal("neighbours on the ladder exchange in 50 to 50 % of the attempts", LadderRecord.Of([new("exchange 1-0.5", 4, 2)])!.ToString());
        Assert.Equal("no exchanges yet", LadderRecord.Of([new("exchange 1-0.5", 0, 0)])!.ToString());
    }

    [Fact]
    public void A_ladder_on_which_nothing_travels_is_named()
    {
        string[] warnings = [.. LadderRecord.Of([new("exchange 1-0.6", 200, 9), new("exchange 0.6-0", 200, 0), new("round trips of the ladder", 400, 0)])!.Warnings()];
        Assert.Equal(2, warnings.Length);
        Assert.Contains("rungs 0.6-0 exchanged 0 times in 200 attempts", warnings[0], StringComparison.Ordinal);
        Assert.Contains("in 400 transitions", warnings[1], StringComparison.Ordinal);

        // A few attempts say nothing.
        Assert.Empty(LadderRecord.Of([new("exchange 1-0", 10, 0), new("round trips of the ladder", 10, 0)])!.Warnings());
    }
}
