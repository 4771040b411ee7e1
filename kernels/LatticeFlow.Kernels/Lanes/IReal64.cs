using LatticeFlow.Kernels.Memory;

namespace LatticeFlow.Kernels.Lanes;

/// <summary>
/// A double lane type whose 64 bits can also carry an unsigned 32-bit word, as the counter-based random numbers need. A word
/// travels in the low half of a lane; such a value is bits, not a number, until <see cref="UnitInterval"/> makes one of it.
/// </summary>
public interface IReal64<T> : IReal<T>
    where T : unmanaged, IReal64<T>
{
    /// <summary>The same word in every lane.</summary>
    static abstract T Word(uint word);

    /// <summary>The words first, first + 1, … one a lane, where first is the replica of the first lane (of the thread, on a device).</summary>
    static abstract T Consecutive(uint first);

    /// <summary>Integer <paramref name="i"/> · <see cref="IReal{T}.Width"/> + j of a table as the word of lane j; <paramref name="lane"/> is that of the thread, on a device.</summary>
    static abstract T Words(in Table table, int i, int lane);

    /// <summary>The 64-bit product of the words of a and b.</summary>
    static abstract T MultiplyWords(T a, T b);

    /// <summary>The high 32 bits of each lane, as a word.</summary>
    static abstract T HighWord(T a);

    /// <summary>The low 32 bits of each lane, as a word.</summary>
    static abstract T LowWord(T a);

    /// <summary>(a + b) mod 2³².</summary>
    static abstract T AddWords(T a, T b);

    /// <summary>a xor b.</summary>
    static abstract T XorWords(T a, T b);

    /// <summary>A number in (0, 1): ((high·2³² + low) div 2¹² + ½) · 2⁻⁵², of two words.</summary>
    static abstract T UnitInterval(T high, T low);
}
