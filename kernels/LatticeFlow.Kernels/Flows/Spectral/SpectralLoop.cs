using LatticeFlow.Kernels.Functions;
using LatticeFlow.Kernels.Groups;
using LatticeFlow.Kernels.Lanes;
using LatticeFlow.Kernels.Memory;

namespace LatticeFlow.Kernels.Flows;

/// <summary>V and the eigenphases of P = U F in the canonical cell. An item is an active link.</summary>
/// <remarks>
/// Frames are unitary, so that Σθ = φ is some angle, which P and P′ share: θ_k − φ/N are the phases of a loop of SU(N). Of these, sorted, with sum 2πw, the w largest lose 2π (or the |w| smallest gain
/// it), which leaves a sum of 0 and θ_N − θ_1 ≤ 2π. Columns of V follow their phases. φ/N is kept behind the phases. U(1): θ itself.
/// </remarks>
public struct SpectralLoop<TLink, T> : IKernel
    where TLink : unmanaged, ILink<TLink, T>
    where T : unmanaged, IReal<T>
{
    /// <summary>Matrices of the work field.</summary>
    public const int Slots = 2;

    private const double Tau = 6.2831853071795862;
    private readonly int toImages;
    private SpectralOperands<T> operands;

    /// <summary>The kernel of these operands; phases go to θ, or with <paramref name="toImages"/> = 1 to θ′; items = active links.</summary>
    public SpectralLoop(in SpectralOperands<T> operands, int toImages)
    {
        this.operands = operands;
        this.toImages = toImages;
    }

    /// <inheritdoc/>
    public void Bind(in Place place) => operands = operands.At(place);

    /// <inheritdoc/>
    public readonly void Execute(int item)
    {
        var loop = TLink.Local(operands.Work, 0);
        var basis = TLink.Local(operands.Work, 1);
        TLink.Multiply(TLink.Open(operands.Links, T.Index(operands.Active, 2 * item)), TLink.Open(operands.Frames, item), ref loop);
        TLink.Diagonalise(ref loop, ref basis);
        int first = item * (TLink.Order + 1);
        var phases = (toImages != 0 ? operands.Map.Images : operands.Map.Phases).From(first);
        var other = (toImages != 0 ? operands.Map.Phases : operands.Map.Images).From(first);
        T sum = T.Of(0);
        for (int k = 0; k < TLink.Order; k++)
        {
            TLink.Entry(loop, k, k, out T re, out T im);
            T phase = Arctangent.Atan2(im, re);
            T.Store(phases, k, phase);
            sum += phase;
        }

        T shift = T.Of(0);
        if (TLink.Order > 1)
        {
            Sort(phases, ref basis);
            T total = Angle.Wrap(sum);
            T turns = T.Round((sum - total) * T.Of(1 / Tau));
            shift = total * T.Of(1.0 / TLink.Order);
            for (int k = 0; k < TLink.Order; k++)
            {
                // The last `turns` phases lose 2π, or the first −turns gain it.
                T phase = T.Load(phases, k) - shift;
                T down = T.SelectLess(T.Of(TLink.Order - 0.5 - k), turns, T.Of(Tau), T.Of(0));
                T up = T.SelectLess(turns, T.Of(-0.5 - k), T.Of(Tau), T.Of(0));
                T.Store(phases, k, phase + (up - down));
            }

            if (!T.AllLess(T.Abs(turns), T.Of(0.5))) Sort(phases, ref basis);
        }

        T.Store(phases, TLink.Order, shift);
        T.Store(other, TLink.Order, shift);
        TLink.Store(operands.Bases, item, basis);
    }

    private static void Sort(in Reals<T> phases, ref TLink basis)
    {
        for (int end = TLink.Order - 1; end > 0; end--)
        {
            for (int k = 0; k < end; k++)
            {
                T a = T.Load(phases, k), b = T.Load(phases, k + 1);
                T.Store(phases, k, T.Min(a, b));
                T.Store(phases, k + 1, T.Max(a, b));
                TLink.SwapColumns(b, a, k, ref basis);
            }
        }
    }
}
