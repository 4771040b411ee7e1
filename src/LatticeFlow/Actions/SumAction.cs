namespace LatticeFlow.Actions;

/// <summary>S = Σ_i S_i of actions made of plaquettes and rectangles of one group on one lattice.</summary>
public sealed class SumAction : LoopAction
{
    /// <summary>The name of configuration files.</summary>
    public const string Kind = "sum";

    /// <summary>The sum; parameters are named <c>0.beta</c>, <c>1.beta</c>, … by the place of their action.</summary>
    /// <exception cref="ArgumentException">No actions, or actions of different groups or lattices.</exception>
    public SumAction(params IReadOnlyList<LoopAction> terms)
        : base(
            Kind,
            terms.Count > 0 ? terms[0].Group : throw new ArgumentException("a sum has at least one action.", nameof(terms)),
            terms.Skip(1).Aggregate(terms[0].Couplings, (sum, term) => sum.Plus(term.Couplings)),
            terms.SelectMany((term, i) => term.Parameters.Select(p => ($"{i}.{p.Key}", p.Value))).ToDictionary())
    {
        foreach (var term in terms)
        {
            if (term.Group != Group) throw new ArgumentException($"an action of {term.Group} cannot be added to one of {Group}.", nameof(terms));
        }

        Terms = terms;
    }

    /// <summary>S_i.</summary>
    public IReadOnlyList<LoopAction> Terms { get; }

    /// <summary>The terms.</summary>
    public override IReadOnlyList<IAction> Parts => Terms;
}
