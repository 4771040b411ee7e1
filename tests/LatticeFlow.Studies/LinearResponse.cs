using System.Globalization;
using LatticeFlow.Actions;
using LatticeFlow.Analysis;
using LatticeFlow.Compute;
using LatticeFlow.Groups;
using LatticeFlow.Lattice;
using LatticeFlow.Observables;
using LatticeFlow.Reports;
using LatticeFlow.Sampling;

namespace LatticeFlow.Studies;

/// <summary>
/// What the law of slow protocols has to be, from equilibrium alone: the work of n steps Δβ/n is Σ_t (Δβ/n) S¹_t with S¹ = dS/dβ, so that for large n its variance is n Var ln w = Δβ ∫ dβ Var(S¹) 2τ_int(S¹), τ_int that of the sweep
/// which the protocol makes: of heat baths in another order of updates it is another number.
/// </summary>
internal static class LinearResponse
{
    private const int Replicas = 64;
    private const int Sweeps = 2000;
    private const int Thermalization = 300;
    private const double First = 5.5;
    private const double Last = 6;

    // Even, for Simpson's rule.
    private const int Intervals = 10;

    public static int Print(ComputeDevice device)
    {
        var lattice = new LatticeGeometry(4, 4, 4, 4);
        Console.WriteLine("| β | plaquette | τ_int of S, sweeps | Var(S¹) 2τ_int |");
        Console.WriteLine("| ---: | ---: | ---: | ---: |");
        double spacing = (Last - First) / Intervals, integral = 0, square = 0;
        for (int i = 0; i <= Intervals; i++)
        {
            double beta = First + (i * spacing), weight = (i is 0 or Intervals ? 1 : i % 2 == 1 ? 4 : 2) * spacing / 3;
            var result = Chain(device, new WilsonAction(lattice, GaugeGroup.SU3, beta));

            // error² N = Var 2τ_int, and S¹ is a plaquette's mean times their number.
            double response = result.Error * result.Error * result.Count * lattice.Plaquettes * lattice.Plaquettes, error = 2 * response * result.ErrorOfError / result.Error;
            integral += weight * response;
            square += weight * error * (weight * error);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {beta:F2} | {ValueWithError.Format(result.Mean, result.Error)} | {ValueWithError.Format(result.TauInt, result.TauIntError)} | {ValueWithError.Format(response, error)} |"));
        }

        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"\nn · Var ln w = Δβ ∫ dβ Var(S¹) 2τ_int = {ValueWithError.Format((Last - First) * integral, (Last - First) * Math.Sqrt(square))} for large n."));
        return 0;
    }

    private static GammaResult Chain(ComputeDevice device, WilsonAction action)
    {
        using var chain = MarkovChain.Create(device, new()
        {
            Action = action,
            Transition = new HeatBath(),
            Replicas = Replicas,
            Seed = 5,
            Thermalization = Thermalization,
            FieldEvery = 0,
            Observables = [ObservableRegistry.Create("plaquette", action.Lattice, action.Group)],
        });
        var block = chain.NewBlock(Sweeps);
        chain.Fill(block);
        double[] rows = block.Observables["plaquette"];
        return GammaMethod.Analyze([.. Enumerable.Range(0, Replicas).Select(r => Enumerable.Range(0, Sweeps).Select(draw => rows[(draw * Replicas) + r]).ToArray())]);
    }
}
