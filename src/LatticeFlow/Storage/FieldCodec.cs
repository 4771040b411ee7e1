using LatticeFlow.Fields;

namespace LatticeFlow.Storage;

/// <summary>Configurations in memory (doubles, whole matrices) to the numbers of a <see cref="FieldEncoding"/> and back, piece by piece.</summary>
internal static class FieldCodec
{
    // Numbers of an SU(3) matrix, and of its first two rows.
    private const int Matrix = 18;
    private const int TwoRows = 12;

    // π itself rounds to a float above π, which no angle is.
    private static readonly float LargestAngle = MathF.BitDecrement((float)Math.PI);

    /// <summary>The first two rows of every SU(3) matrix.</summary>
    public static void Shorten(ReadOnlySpan<double> matrices, Span<double> rows)
    {
        for (int link = 0; link < matrices.Length / Matrix; link++)
            matrices.Slice(link * Matrix, TwoRows).CopyTo(rows[(link * TwoRows)..]);
    }

    /// <summary>u₂ = (u₀ × u₁)*, of every SU(3) matrix of which two rows are given.</summary>
    public static void Complete(ReadOnlySpan<double> rows, Span<double> matrices)
    {
        for (int link = 0; link < rows.Length / TwoRows; link++)
        {
            var u = rows.Slice(link * TwoRows, TwoRows);
            var full = matrices.Slice(link * Matrix, Matrix);
            u.CopyTo(full);
            for (int column = 0; column < 3; column++)
            {
                int a = 2 * ((column + 1) % 3), b = 2 * ((column + 2) % 3);
                double re = (u[a] * u[6 + b]) - (u[a + 1] * u[7 + b]) - (u[b] * u[6 + a]) + (u[b + 1] * u[7 + a]);
                double im = (u[a] * u[7 + b]) + (u[a + 1] * u[6 + b]) - (u[b] * u[7 + a]) - (u[b + 1] * u[6 + a]);
                (full[TwoRows + (2 * column)], full[TwoRows + (2 * column) + 1]) = (re, -im);
            }
        }
    }

    /// <summary>To single precision; angles stay in (−π, π].</summary>
    public static void Round(ReadOnlySpan<double> numbers, Span<float> rounded, FieldRepresentation representation)
    {
        for (int i = 0; i < numbers.Length; i++)
            rounded[i] = representation == FieldRepresentation.Angle ? Math.Clamp((float)numbers[i], -LargestAngle, LargestAngle) : (float)numbers[i];
    }

    /// <summary>What is read of configurations that were written: the array itself where that is exact.</summary>
    public static double[] AsRead(double[] field, EnsembleHeader header, FieldEncoding encoding)
    {
        if (encoding.IsExact || field.Length == 0)
            return field;
        var numbers = encoding.TwoRows ? new double[field.Length / 3 * 2] : (double[])field.Clone();
        if (encoding.TwoRows)
            Shorten(field, numbers);
        if (encoding.IsSingle)
        {
            var rounded = new float[numbers.Length];
            Round(numbers, rounded, header.Representation);
            for (int i = 0; i < rounded.Length; i++)
                numbers[i] = rounded[i];
        }

        if (!encoding.TwoRows)
            return numbers;
        var full = new double[field.Length];
        Complete(numbers, full);
        return full;
    }
}
