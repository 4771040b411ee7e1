using LatticeFlow.Kernels.Memory;

namespace LatticeFlow.Kernels.Lanes;

/// <summary>
/// A lane type: one real number of each of <see cref="Width"/> independent replicas. A scalar (reference, GPU thread) or a
/// SIMD register, in single or double precision. Kernels know only this interface.
/// </summary>
public interface IReal<T>
    where T : unmanaged, IReal<T>
{
    /// <summary>Replicas of a tile: the lanes of a register, or the threads of a warp (<see cref="Lane.DeviceWidth"/>), which hold one each.</summary>
    static abstract int Width { get; }

    /// <summary>Bytes of one value on the CPU: a register.</summary>
    static abstract int Bytes { get; }

    /// <summary>Whether a lane is a double.</summary>
    static abstract bool IsDouble { get; }

    /// <summary>The same constant in every lane, rounded to the precision of the lane.</summary>
    static abstract T Of(double value);

    static abstract T operator +(T a, T b);

    static abstract T operator -(T a, T b);

    static abstract T operator *(T a, T b);

    static abstract T operator /(T a, T b);

    static abstract T operator -(T a);

    /// <summary>a·b + c, fused where the target fuses.</summary>
    static abstract T Fma(T a, T b, T c);

    /// <summary>c − a·b, fused where the target fuses.</summary>
    static abstract T Fnma(T a, T b, T c);

    static abstract T Sqrt(T a);

    static abstract T Abs(T a);

    static abstract T Min(T a, T b);

    static abstract T Max(T a, T b);

    /// <summary>The nearest integer, ties to even. Exact for |a| &lt; 2²² (float) or 2⁵¹ (double).</summary>
    static abstract T Round(T a);

    /// <summary>Lane by lane a &lt; b ? whenLess : otherwise. False for NaN.</summary>
    static abstract T SelectLess(T a, T b, T whenLess, T otherwise);

    /// <summary>Whether a &lt; b in every lane: the one question a loop may ask to end early.</summary>
    static abstract bool AllLess(T a, T b);

    /// <summary>2ⁿ for integral n in the range of normal exponents.</summary>
    static abstract T Pow2(T n);

    /// <summary>⌊log₂ a⌋ as a real number, for positive normal a.</summary>
    static abstract T Exponent(T a);

    /// <summary>a · 2^(−⌊log₂ a⌋) ∈ [1, 2), for positive normal a.</summary>
    static abstract T Significand(T a);

    /// <summary>|a| with the sign of b.</summary>
    static abstract T CopySign(T a, T b);

    /// <summary>Element <paramref name="e"/> of a field.</summary>
    static abstract T Load(in Reals<T> view, int e);

    /// <summary>
    /// Element <paramref name="e"/> of a field as other lanes hold it: lane j receives what lane permutations[shift · <see cref="Width"/> + j] holds. How a
    /// kernel reads across the border of a sub-lattice where lanes are sub-lattices.
    /// </summary>
    static abstract T LoadShifted(in Reals<T> view, int e, in Table permutations, int shift);

    /// <summary>
    /// Copies <paramref name="count"/> elements from <paramref name="e"/> on to the first elements of another field, as <see cref="LoadShifted"/> reads them: for matrices in memory.
    /// </summary>
    static virtual void CopyShifted(in Reals<T> view, int e, int count, in Table permutations, int shift, in Reals<T> to)
    {
        for (int i = 0; i < count; i++) T.Store(to, i, T.LoadShifted(view, e + i, permutations, shift));
    }

    /// <summary>Asks for <paramref name="count"/> elements from <paramref name="e"/> on to be brought near. A hint that most lane types ignore.</summary>
    static virtual void Prefetch(in Reals<T> view, int e, int count)
    {
    }

    /// <summary>Writes element <paramref name="e"/> of a field.</summary>
    static abstract void Store(in Reals<T> view, int e, T value);

    /// <summary>Number <paramref name="i"/> of a shared array of scalars, in every lane.</summary>
    static abstract T Uniform(in Reals<T> view, int i);

    /// <summary>Integer <paramref name="i"/> of a shared table.</summary>
    static abstract int Index(in Table table, int i);

    /// <summary>Adds to element <paramref name="e"/> of a double field: how everything summed over sites is summed.</summary>
    static abstract void AddTo(in Sums view, int e, T value);

    /// <summary>Writes element <paramref name="e"/> of a double field.</summary>
    static abstract void StoreTo(in Sums view, int e, T value);

    /// <summary>Element <paramref name="e"/> of a double field, rounded to the precision of the lane.</summary>
    static abstract T LoadFrom(in Sums view, int e);

    /// <summary>Element <paramref name="e"/> of lane <paramref name="lane"/> of a double field, rounded to the precision of the lane, in every lane.</summary>
    static abstract T LoadLane(in Sums view, int e, int lane);

    /// <summary>total[e] = scale · Σ_k parts[first + k · stride], k = 0 … count − 1 in this order, in double whatever the lane.</summary>
    static abstract void SumTo(in Sums total, int e, in Sums parts, int first, int stride, int count, double scale);

    /// <summary>Multiplies element <paramref name="e"/> of a double field, in double whatever the lane.</summary>
    static abstract void ScaleBy(in Sums view, int e, T factor);

    /// <summary>
    /// Adds the sum over the lanes to element <paramref name="e"/> of lane sums: one number an element on the CPU; a device keeps its lanes apart, and
    /// the host adds them up. The one operation in which lanes meet.
    /// </summary>
    static abstract void AddLanesTo(in Sums view, int e, T value);
}
