using LatticeFlow.Actions;
using LatticeFlow.Observables;
using LatticeFlow.Storage;
using static LatticeFlow.Cli.Services.Verification.StoredChecks;

namespace LatticeFlow.Cli.Services.Verification;

/// <summary>Action and observables of a stored scalar.</summary>
public sealed class ScalarChecks(Phi4Action theory, bool isSingle) : IStoredChecks
{
    // Sums over the sites in another order than the kernels': a few ulp of the terms that are added up.
    private const double ToleranceOfTerms = 1e-14;

    // A number that was rounded to 24 bits is off by 6e-8 of itself, its fourth power by four times that.
    private const double ToleranceOfTermsSingle = 1e-6;
    private const string Difference = "largest difference from that of the stored field, relative to its terms";
    private readonly OrderedDictionary<string, double> _worst = [];
    private double _action;

    // HostScalar knows all that there is; one that it does not know is measured again by the kernels.
    public bool Recomputes(string observable) => new HostScalar(0, 1, 0, 0, [], 1).Values(observable) is not null;

    public void Add(EnsembleBlock block)
    {
        var numbers = theory.Lattice.Volume;
        var measurements = new HostScalar[block.Count];
        Parallel.For(0, block.Count, row => measurements[row] = HostScalar.Of(theory, block.Field.AsSpan(row * numbers, numbers)));
        for (var row = 0; row < block.Count; row++)
        {
            var measured = measurements[row];
            _action = Larger(_action, (measured.Action - block.Action[row]) / measured.Terms);
            foreach (var (name, column) in block.Observables)
            {
                if (measured.Values(name) is not { } values) continue;
                var stored = column.Values.AsSpan(row * column.Components, column.Components);
                // Σ φ may cancel to nothing: what it is made of does not.
                for (var i = 0; i < values.Length; i++) _worst[name] = Larger(_worst.GetValueOrDefault(name), (values[i] - stored[i]) / measured.Scale(name));
            }
        }
    }

    private double Tolerance => isSingle ? ToleranceOfTermsSingle : ToleranceOfTerms;

    public void Report(string sample, Checklist list)
    {
        list.AtMost($"{sample}: stored action", Difference, _action, Tolerance);
        foreach (var (name, worst) in _worst) list.AtMost($"{sample}: stored {name}", Difference, worst, Tolerance);
    }
}
