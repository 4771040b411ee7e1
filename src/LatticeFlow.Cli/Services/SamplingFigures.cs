using LatticeFlow.Sampling;
using EnsembleBlock = LatticeFlow.Sampling.EnsembleBlock;

namespace LatticeFlow.Cli.Services;

/// <summary>What progress says about chains beside how far they are: the mean plaquette of the last draw (S where it is not measured, and in thermalization) and the share of proposals taken since this process began.</summary>
internal sealed class SamplingFigures(bool canReject)
{
    private const string Plaquette = "plaquette";
    private double _mean = double.NaN;
    private string _name = Plaquette;
    private long _accepted;
    private long _proposed;

    /// <summary>Takes in a draw of a block.</summary>
    public void Add(EnsembleBlock block, int draw)
    {
        var rows = (draw * block.Replicas)..((draw + 1) * block.Replicas);
        _name = block.Observables.ContainsKey(Plaquette) ? Plaquette : "action";
        ReadOnlySpan<double> values = block.Observables.TryGetValue(Plaquette, out var plaquettes) ? plaquettes.AsSpan(rows) : block.Action.AsSpan(rows);
        double sum = 0;
        foreach (var value in values) sum += value;
        _mean = sum / block.Replicas;
        foreach (var accepted in block.Accepted.AsSpan(rows)) _accepted += accepted;
        _proposed += block.Replicas;
    }

    /// <summary>Takes in a step of which nothing is measured, as of thermalization: S of the chains and which proposals were taken.</summary>
    public void Add(TransitionOutcome outcome, ReadOnlySpan<double> action)
    {
        double sum = 0;
        foreach (double s in action) sum += s;
        (_name, _mean) = ("action", sum / action.Length);
        foreach (var accepted in outcome.Accepted) _accepted += accepted != 0 ? 1 : 0;
        _proposed += outcome.Accepted.Length;
    }

    /// <summary>The figures that there are.</summary>
    public (string Name, double Value)[] All => (double.IsNaN(_mean), canReject && _proposed > 0) switch
    {
        (false, true) => [(_name, _mean), ("acceptance", Acceptance)],
        (false, false) => [(_name, _mean)],
        (true, true) => [("acceptance", Acceptance)],
        _ => [],
    };

    private double Acceptance => (double)_accepted / _proposed;
}
