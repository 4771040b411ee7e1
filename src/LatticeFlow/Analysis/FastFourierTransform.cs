using System.Numerics;

namespace LatticeFlow.Analysis;

/// <summary>In-place complex discrete Fourier transform of a power-of-two length, X_k = Σ_n x_n e^{∓2πikn/n}, unnormalised both ways (Cooley and Tukey 1965).</summary>
internal static class FastFourierTransform
{
    /// <summary>Smallest power of two that is at least <paramref name="length"/>.</summary>
    public static int PaddedLength(long length)
    {
        if (length > 1 << 30)
            throw new ArgumentOutOfRangeException(nameof(length), "A series of more than 2^30 padded entries is not supported.");
        return (int)BitOperations.RoundUpToPowerOf2((uint)Math.Max(length, 1));
    }

    /// <summary>Transforms (real, imaginary) with the sign −1 in the exponent, or +1 if <paramref name="inverse"/>; no factor 1/n.</summary>
    public static void Transform(double[] real, double[] imaginary, bool inverse)
    {
        int length = real.Length;
        if (!BitOperations.IsPow2(length) || imaginary.Length != length)
            throw new ArgumentException("The transform needs two arrays of one power-of-two length.");
        ReverseBits(real, imaginary);
        // One table of directly computed roots: recursive rotation would lose digits with the length.
        var cosine = new double[length / 2];
        var sine = new double[length / 2];
        double sign = inverse ? 1 : -1;
        for (int k = 0; k < length / 2; k++)
        {
            (double s, double c) = Math.SinCos(2 * Math.PI * k / length);
            cosine[k] = c;
            sine[k] = sign * s;
        }

        for (int half = 1; half < length; half *= 2)
        {
            int stride = length / (2 * half);
            for (int start = 0; start < length; start += 2 * half)
            {
                for (int k = 0, root = 0; k < half; k++, root += stride)
                {
                    int top = start + k, bottom = top + half;
                    double re = real[bottom] * cosine[root] - imaginary[bottom] * sine[root];
                    double im = real[bottom] * sine[root] + imaginary[bottom] * cosine[root];
                    real[bottom] = real[top] - re;
                    imaginary[bottom] = imaginary[top] - im;
                    real[top] += re;
                    imaginary[top] += im;
                }
            }
        }
    }

    private static void ReverseBits(double[] real, double[] imaginary)
    {
        int length = real.Length;
        for (int i = 1, j = 0; i < length; i++)
        {
            int bit = length >> 1;
            for (; (j & bit) != 0; bit >>= 1)
                j ^= bit;
            j ^= bit;
            if (i < j)
            {
                (real[i], real[j]) = (real[j], real[i]);
                (imaginary[i], imaginary[j]) = (imaginary[j], imaginary[i]);
            }
        }
    }
}
