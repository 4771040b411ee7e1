using System.Text.Json.Nodes;
using LatticeFlow.Cli.Services;
using LatticeFlow.Costs;
using LatticeFlow.Reports;

namespace LatticeFlow.Tests;

/// <summary>What an independent configuration costs, from the work that was recorded.</summary>
public class CostTests
{
    private static readonly double[] Independent = [.. Enumerable.Range(0, 4000).Select(i => Math.Sin(12.9898 * i * i))];

    [Fact]
    public void The_share_of_an_independent_configuration_is_all_work_over_N_by_two_tau()
    {
        var work = new Work();
        work.Add(WorkKind.HeatBath, 1e6, 3e8);
        var document = Analysis(new SamplingCost(work, 20, 5, 100) { TrainingSeconds = 60 });
        var cost = document.Cost!;
        var share = cost.Independent["plaquette"];
        double count = Independent.Length / (2 * document.Observables["plaquette"].TauInt);
        Assert.Equal(count, share.Configurations, 1e-9);
        Assert.Equal(1e6 / count, share.Elements["heat_bath"], 1e-9);
        Assert.Equal(3e8 / count, share.Flops!.Value, 1e-6);
        Assert.Equal(80 / count, share.Seconds, 1e-12);
        Assert.Equal(100 / count, share.Joules!.Value, 1e-12);
        Assert.Equal(("heat_bath", 3e8, 20.0, 5.0, 60.0), (Assert.Single(cost.Elements).Key, cost.Flops!.Value, cost.Seconds, cost.ThermalizationSeconds, cost.TrainingSeconds));
        Assert.Equal(["plaquette"], cost.Independent.Keys);
        Assert.Null(Analysis(null).Cost);

        var (heads, rows) = CostTable.Of([("heatbath", cost), ("import", null)]);
        Assert.Equal(["sampler", "of", "heat bath", "Gflop", "seconds", "joules"], heads);
        Assert.Equal(["heatbath", "plaquette"], Assert.Single(rows)[..2]);
    }

    [Fact]
    public void What_is_not_stated_or_not_measured_is_no_number()
    {
        var work = new Work();
        work.Add(WorkKind.Flow, 10, double.NaN);
        var cost = Analysis(new SamplingCost(work, 20, 0, null)).Cost!;
        Assert.Null(cost.Flops);
        Assert.Null(cost.Joules);
        Assert.Null(cost.Independent["plaquette"].Flops);
        Assert.Contains("not stated", Assert.Single(CostTable.Of([("flow", cost)]).Rows));
        Assert.DoesNotContain("joules", CostTable.Of([("flow", cost)]).Heads);
    }

    /// <summary>A charge that never changes has no autocorrelation time, and no cost.</summary>
    [Fact]
    public void A_frozen_charge_has_no_cost()
    {
        var series = Series(new SamplingCost(new Work(), 1, 0, null)) with
        {
            Observables = new Dictionary<string, IReadOnlyList<double[]>> { ["plaquette"] = [Independent], ["topological_charge_squared"] = [new double[Independent.Length]] },
        };
        Assert.Equal(["plaquette"], EnsembleAnalysis.Analyze(series, new ExactResults("U1", "wilson", [4, 4], 1)).Cost!.Independent.Keys);
    }

    [Fact]
    public void Costs_are_a_part_of_the_analysis_and_come_back_from_it()
    {
        var work = new Work();
        work.Add(WorkKind.Overrelaxation, 8, 16);
        var analysis = new AnalysisDocument { Ensembles = new Dictionary<string, EnsembleDocument> { ["heatbath"] = Analysis(new SamplingCost(work, 2, 1, null)) } };
        Assert.Equal(analysis.ToJson(), AnalysisDocument.FromJson(analysis.ToJson()).ToJson());
        Assert.Equal(8, (double)JsonNode.Parse(analysis.ToJson())!["ensembles"]!["heatbath"]!["cost"]!["elements"]!["overrelaxation"]!);
        Assert.DoesNotContain("\"cost\"", new AnalysisDocument { Ensembles = new Dictionary<string, EnsembleDocument> { ["heatbath"] = Analysis(null) } }.ToJson());
        var fault = Assert.Throws<UserErrorException>(() => AnalysisDocument.FromJson(analysis.ToJson().Replace("\"independent\": {", "\"independent\": { \"x\": null, ", StringComparison.Ordinal), "a.json"));
        Assert.Equal((ExitCode.CorruptData, "ensembles.heatbath.cost.independent"), (fault.ExitCode, fault.Key));
    }

    /// <summary>Two packages that count microjoules, one of which comes round.</summary>
    [Fact]
    public void Energy_is_the_sum_of_the_packages_and_counters_come_round()
    {
        string folder = Directory.CreateTempSubdirectory().FullName;
        try
        {
            Assert.Null(EnergyCounter.Of(Path.Join(folder, "nothing"), TimeProvider.System));
            Assert.Null(EnergyCounter.Of(folder, TimeProvider.System));
            void Package(string name, long energy)
            {
                Directory.CreateDirectory(Path.Join(folder, name));
                File.WriteAllText(Path.Join(folder, name, "energy_uj"), $"{energy}\n");
                File.WriteAllText(Path.Join(folder, name, "max_energy_range_uj"), "9000000\n");
            }

            Package("intel-rapl:0", 8_000_000);
            Package("intel-rapl:1", 100);
            // A part of the first package.
            Package("intel-rapl:0:0", 0);
            var counter = EnergyCounter.Of(folder, TimeProvider.System)!;
            Assert.Equal(0, counter.Joules);
            Package("intel-rapl:0", 500_000);
            Package("intel-rapl:1", 2_000_100);
            Package("intel-rapl:0:0", 77_000_000);
            Assert.Equal(1.5 + 2, counter.Joules, 1e-9);
            Assert.Equal(1.5 + 2, counter.Joules, 1e-9);
            File.WriteAllText(Path.Join(folder, "intel-rapl:1", "energy_uj"), "nothing");
            Assert.True(double.IsNaN(counter.Joules));
            Assert.Null(EnergyCounter.Of(folder, TimeProvider.System));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static EnsembleDocument Analysis(SamplingCost? cost) => EnsembleAnalysis.Analyze(Series(cost), new ExactResults("U1", "wilson", [4, 4], 1));

    private static EnsembleSeries Series(SamplingCost? cost) => new()
    {
        Sampler = "heatbath",
        Observables = new Dictionary<string, IReadOnlyList<double[]>> { ["plaquette"] = [Independent], ["wilson_loop_2x2"] = [Independent] },
        Seconds = 20,
        Cost = cost,
    };
}
