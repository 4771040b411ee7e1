using LatticeFlow.Kernels.Groups;
using LatticeFlow.Kernels.Lanes;
using LatticeFlow.Kernels.Memory;

namespace LatticeFlow.Kernels.Flows;

/// <summary>One iteration of the inverse of a step f: with the links at f(V), V ← e^{P(U′ f(V)†)} V, P the traceless anti-Hermitian part, and the links become V. Also ‖U′ − f(V)‖². An item is a link.</summary>
/// <remarks>f is near the identity, so that the error of V shrinks by the norm of f′ − 1 every time.</remarks>
public struct StepInverse<TLink, T> : IKernel
    where TLink : unmanaged, ILink<TLink, T>
    where T : unmanaged, IReal<T>
{
    private readonly int moves;
    private LetterOperands<T> operands;
    private Reals<T> images;
    private Reals<T> guesses;
    private Reals<T> residuals;

    /// <summary>The kernel; <paramref name="moves"/> = 0 leaves V as it is; items = links.</summary>
    /// <param name="operands">The links, and an algebra field to spare in the place of their tangents.</param>
    /// <param name="images">U′.</param>
    /// <param name="guesses">V.</param>
    /// <param name="residuals">‖U′ − f(V)‖² of each link.</param>
    /// <param name="moves">1: V moves.</param>
    public StepInverse(in LetterOperands<T> operands, Reals<T> images, Reals<T> guesses, Reals<T> residuals, int moves)
    {
        this.operands = operands;
        this.images = images;
        this.guesses = guesses;
        this.residuals = residuals;
        this.moves = moves;
    }

    /// <summary>Matrices of the work field.</summary>
    public static int Slots => 2 + TLink.ExponentialSlots;

    /// <inheritdoc/>
    public void Bind(in Place place)
    {
        operands = operands.At(place);
        images = images.At(place);
        guesses = guesses.At(place);
        residuals = residuals.At(place);
    }

    /// <inheritdoc/>
    public readonly void Execute(int item)
    {
        TLink difference = TLink.Local(operands.Work, 0), factor = TLink.Local(operands.Work, 1);
        var found = TLink.Open(operands.Links, item);
        var image = TLink.Open(images, item);
        var guess = TLink.Open(guesses, item);
        TLink.Copy(image, ref difference);
        TLink.AddScaled(T.Of(-1), found, ref difference);
        TLink.TraceMultiplyAdjoint(difference, difference, out T square, out _);
        T.Store(residuals, item, square);
        if (moves != 0)
        {
            TLink.MultiplyAdjoint(image, found, ref difference);
            for (int a = 0; a < TLink.Generators; a++) T.Store(operands.LinkTangents, (item * TLink.Generators) + a, T.Of(0));
            TLink.AddAlgebra(operands.LinkTangents, item, T.Of(Algebra.NormOf<TLink, T>()), difference);
            TLink.Exponential(operands.LinkTangents, item, T.Of(1), operands.Work, 2, ref factor);
            TLink.MultiplyFromLeft(factor, ref guess);
            TLink.Store(guesses, item, guess);
        }

        TLink.Store(operands.Links, item, guess);
    }
}

/// <summary>Adds NaN to a double sum of a replica where an inverse is not found: the largest of some squares is not below a limit. One item.</summary>
public struct RequireFound<T> : IKernel
    where T : unmanaged, IReal<T>
{
    private readonly int count;
    private readonly double limit;
    private readonly int element;
    private Reals<T> squares;
    private Sums total;

    /// <summary>The kernel; marks element <paramref name="element"/>.</summary>
    public RequireFound(Reals<T> squares, Sums total, int element, int count, double limit)
    {
        this.squares = squares;
        this.total = total;
        this.element = element;
        this.count = count;
        this.limit = limit;
    }

    /// <inheritdoc/>
    public void Bind(in Place place)
    {
        squares = squares.At(place);
        total = total.At<T>(place);
    }

    /// <inheritdoc/>
    public readonly void Execute(int item)
    {
        T largest = T.Of(0), bound = T.Of(limit);
        for (int i = 0; i < count; i++)
        {
            T square = T.Load(squares, i);

            // A square that is no number is not below the bound either.
            largest = largest + T.SelectLess(square, bound, T.Of(0), T.Of(1));
        }

        T.AddTo(total, element, T.SelectLess(largest, T.Of(0.5), T.Of(0), T.Of(double.NaN)));
    }
}
