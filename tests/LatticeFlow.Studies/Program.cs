using LatticeFlow.Compute.Cpu;
using LatticeFlow.Studies;

// Long comparisons of samplers with what they must give; scripts/study-samplers.sh runs them and keeps their tables under docs/benchmarks.
var studies = new Dictionary<string, Func<IEnumerable<Study>>>
{
    ["torus"] = Torus.All,
    ["plaquettes"] = FourDimensions.Plaquettes,
    ["improved"] = FourDimensions.Improved,
    ["scalars"] = Scalars.All,
};
if (args.Length > 1 && args[0] == "flows") return FlowTable.Print(args[1..]);
if (args.Length > 1 && args[0] == "verdicts") return VerdictTable.Print(args[1..]);
if (args.Length > 1 && args[0] == "nonequilibrium")
{
    using var one = InstructionSet.Best().Create(args.Length > 2 ? int.Parse(args[2], System.Globalization.CultureInfo.InvariantCulture) : 0);
    return Nonequilibrium.Print(args[1], one);
}

if (args.Length > 0 && args[0] == "response")
{
    using var processor = InstructionSet.Best().Create(1);
    return LinearResponse.Print(processor);
}

if (args.Length > 0 && args[0] == "tails") return Calibration.PrintTails();
if (args.Length > 7 && args[0] == "defect")
{
    using var processor = InstructionSet.Best().Create(1);
    return DefectFlows.Print(processor, args[1..]);
}

if (args.Length > 1 && args[0] == "continuous")
{
    // Processor time of one thread is the cost.
    using var processor = InstructionSet.Best().Create(1);
    return ContinuousFlows.Print(processor, args[1..]);
}

if (args.Length > 0 && args[0] == "stochastic")
{
    // Processor time of one thread is the cost.
    using var processor = InstructionSet.Best().Create(1);
    return StochasticFlows.Print(processor, args[1..]);
}

if (args.Length > 0 && args[0] == "calibration")
{
    // Its lattices are so small that threads would wait for each other.
    using var processor = InstructionSet.Best().Create(1);
    return Calibration.Print(processor, args.Length > 1 ? args[1] : null);
}

if (args.Length < 1 || !studies.TryGetValue(args[0], out var make))
{
    Console.Error.WriteLine($"usage: LatticeFlow.Studies {string.Join("|", studies.Keys)} [FILTER], tails, response, calibration [FILTER], nonequilibrium {string.Join("|", Nonequilibrium.Names)} [THREADS], stochastic [CASE [ORDERS [LARGEST [LEAST EXTENT]]]], defect EXTENT SIZES STEPS TRAJECTORIES MARGINS sweeps|boxes DEGREE, continuous CHECKPOINT [EXTENT [DRAWS [DRAWS AT HALF THE STEP [STEPS,...]]]], or flows|verdicts RUN ...");
    return 2;
}

using var device = InstructionSet.Best().Create(0);
Console.WriteLine(Study.Header);
double worst = 0;
var measured = new Dictionary<(string Name, string Observable), StudyRow>();
int compared = 0;
foreach (var study in make().Where(study => args.Length < 2 || study.Name.Contains(args[1], StringComparison.Ordinal)))
{
    foreach (var found in study.Run(device, text => Console.Error.WriteLine(text)))
    {
        // Where nothing is known samplers are compared with each other.
        var row = found;
        if (!double.IsFinite(row.Expected.Value) && measured.TryGetValue((row.Name, row.Observable), out var other))
            row = row with { Expected = new(row.Observable, other.Mean, other.Error) };
        measured.TryAdd((row.Name, row.Observable), row);
        Console.WriteLine(row.ToText());
        if (!double.IsFinite(row.Pull)) continue;
        worst = Math.Max(worst, Math.Abs(row.Pull));
        compared++;
    }
}

Console.WriteLine($"\n{compared} comparisons, the largest pull is {worst:F1}.");
return compared > 0 && worst < Study.LargestPull ? 0 : 3;
