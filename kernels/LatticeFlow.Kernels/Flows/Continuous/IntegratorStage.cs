using LatticeFlow.Kernels.Groups;
using LatticeFlow.Kernels.Lanes;
using LatticeFlow.Kernels.Memory;

namespace LatticeFlow.Kernels.Flows;

/// <summary>A stage of a low-storage Runge–Kutta method on a group: Z ← A Z − B h ∂S̃, U ← e^{iZ} U. An item is a link.</summary>
/// <remarks>Source: J. H. Williamson 1980 for the form; E. Celledoni, A. Marthinsen, B. Owren 2003 on groups; M. Lüscher 2010 (arXiv:1006.4518, appendix C) for the coefficients of third order.</remarks>
public struct IntegratorStage<TLink, T> : IKernel
    where TLink : unmanaged, ILink<TLink, T>
    where T : unmanaged, IReal<T>
{
    private readonly double keep;
    private readonly double step;
    private LetterOperands<T> operands;
    private Reals<T> exponents;

    /// <summary>The kernel: <paramref name="keep"/> is A, <paramref name="step"/> is B h; items = links.</summary>
    public IntegratorStage(in LetterOperands<T> operands, Reals<T> exponents, double keep, double step)
    {
        this.operands = operands;
        this.exponents = exponents;
        this.keep = keep;
        this.step = step;
    }

    /// <summary>Matrices of the work field.</summary>
    public static int Slots => 1 + TLink.ExponentialSlots;

    /// <inheritdoc/>
    public void Bind(in Place place)
    {
        operands = operands.At(place);
        exponents = exponents.At(place);
    }

    /// <inheritdoc/>
    public readonly void Execute(int item)
    {
        int first = T.Index(operands.FirstUses, item), end = T.Index(operands.FirstUses, item + 1);
        for (int a = 0; a < TLink.Generators; a++)
        {
            T sum = T.Of(0);
            for (int k = first; k < end; k++) sum += T.Load(operands.Steps, (T.Index(operands.Uses, k) * TLink.Generators) + a);
            sum = T.Of(-step) * sum;
            int e = (item * TLink.Generators) + a;
            if (keep != 0) sum = T.Fma(T.Of(keep), T.Load(exponents, e), sum);
            T.Store(exponents, e, sum);
        }

        var factor = TLink.Local(operands.Work, 0);
        TLink.Exponential(exponents, item, T.Of(1), operands.Work, 1, ref factor);
        var link = TLink.Open(operands.Links, item);
        TLink.MultiplyFromLeft(factor, ref link);
        TLink.Store(operands.Links, item, link);
    }
}
