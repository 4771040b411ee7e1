using System.Runtime.CompilerServices;
using LatticeFlow.Kernels.Lanes;

namespace LatticeFlow.Kernels.RandomNumbers;

/// <summary>
/// Philox4x32-10: four random 32-bit words a lane, a bijection of a 128-bit counter under a 64-bit key. Has no state: equal
/// counters and keys give equal words on every target.
/// </summary>
/// <remarks>
/// Source: J. K. Salmon, M. A. Moraes, R. O. Dror, D. E. Shaw, Parallel random numbers: as easy as 1, 2, 3 (SC 2011), section 3.3 and table 2.
/// </remarks>
/// <param name="W0">The first word of each lane.</param>
/// <param name="W1">The second.</param>
/// <param name="W2">The third.</param>
/// <param name="W3">The fourth.</param>
public readonly record struct Philox<T>(T W0, T W1, T W2, T W3)
    where T : unmanaged, IReal64<T>
{
    private const uint Multiplier0 = 0xD2511F53;
    private const uint Multiplier1 = 0xCD9E8D57;
    private const uint Weyl0 = 0x9E3779B9;
    private const uint Weyl1 = 0xBB67AE85;

    /// <summary>The block of counter (c0, c1, c2, c3) under key (k0, k1).</summary>
    public static Philox<T> Block(T c0, T c1, T c2, T c3, uint k0, uint k1)
    {
        var state = new Philox<T>(c0, c1, c2, c3);
        state = state.Round(k0, k1);
        state = state.Round(k0 + Weyl0, k1 + Weyl1);
        state = state.Round(k0 + unchecked(2 * Weyl0), k1 + unchecked(2 * Weyl1));
        state = state.Round(k0 + unchecked(3 * Weyl0), k1 + unchecked(3 * Weyl1));
        state = state.Round(k0 + unchecked(4 * Weyl0), k1 + unchecked(4 * Weyl1));
        state = state.Round(k0 + unchecked(5 * Weyl0), k1 + unchecked(5 * Weyl1));
        state = state.Round(k0 + unchecked(6 * Weyl0), k1 + unchecked(6 * Weyl1));
        state = state.Round(k0 + unchecked(7 * Weyl0), k1 + unchecked(7 * Weyl1));
        state = state.Round(k0 + unchecked(8 * Weyl0), k1 + unchecked(8 * Weyl1));
        state = state.Round(k0 + unchecked(9 * Weyl0), k1 + unchecked(9 * Weyl1));
        return new(T.LowWord(state.W0), T.LowWord(state.W1), T.LowWord(state.W2), T.LowWord(state.W3));
    }

    // The high half of a lane may hold rubbish between rounds: the product reads low halves only, and Block clears it at the end.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Philox<T> Round(uint k0, uint k1)
    {
        var product0 = T.MultiplyWords(W0, T.Word(Multiplier0));
        var product1 = T.MultiplyWords(W2, T.Word(Multiplier1));
        return new(
            T.XorWords(T.XorWords(T.HighWord(product1), W1), T.Word(k0)),
            product1,
            T.XorWords(T.XorWords(T.HighWord(product0), W3), T.Word(k1)),
            product0);
    }
}
