using System.Numerics;

namespace LatticeFlow.Exact;

/// <summary>
/// SU(3) with Wilson's action S = −(β/3) Σ Re tr P on a periodic torus of V plaquettes: Z = Σ_{p,q} (b_pq/d_pq)^V, b_r = ∫ dU e^{(β/3) Re tr U} χ_r(U)
/// (Migdal 1975). b_r and ∂b_r/∂β come from Weyl's formula on an even grid of eigenangles, which converges exponentially.
/// </summary>
public sealed class TwoDimensionalSU3
{
    // Grid and representations follow the width 1/√β of the weight; past this the grid would be too coarse.
    private const double LargestBeta = 100;
    private const double Negligible = 1e-18;

    /// <summary>Throws <see cref="ArgumentOutOfRangeException"/> unless 0 &lt; β ≤ 100 and both extents are at least 1 with two plaquettes or more.</summary>
    public TwoDimensionalSU3(double beta, int extent0, int extent1)
    {
        if (!(beta > 0) || beta > LargestBeta)
            throw new ArgumentOutOfRangeException(nameof(beta), beta, $"beta must lie in (0, {LargestBeta}].");
        ArgumentOutOfRangeException.ThrowIfLessThan(extent0, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(extent1, 1);
        long volume = (long)extent0 * extent1;
        if (volume < 2)
            throw new ArgumentOutOfRangeException(nameof(extent1), extent1, "The sum over representations needs at least two plaquettes.");
        (Beta, Volume) = (beta, volume);
        (LogPartitionFunction, Plaquette) = Sum();
    }

    public double Beta { get; }

    public long Volume { get; }

    public double LogPartitionFunction { get; }

    /// <summary>⟨⅓ Re tr P⟩ = (1/V) ∂ ln Z/∂β.</summary>
    public double Plaquette { get; }

    private (double LogZ, double Plaquette) Sum()
    {
        int points = 64 + (int)(24 * Math.Sqrt(Beta));
        Node[] nodes = Nodes(points);
        (double first, double firstSlope) = Coefficient(nodes, points, 0, 0);
        double others = 0, slopes = firstSlope / first;
        // Shells of constant p + q, until a whole shell is negligible.
        for (int shell = 1; 2 * (shell + 3) < points / 2; shell++)
        {
            double largest = 0;
            for (int p = 0; p <= shell; p++)
            {
                (double value, double slope) = Coefficient(nodes, points, p, shell - p);
                double ratio = value / first;
                // Coefficients are positive; what comes out otherwise is the grid's rounding.
                if (ratio < 1e-15)
                    continue;
                double weight = Math.Pow(ratio, Volume);
                largest = Math.Max(largest, weight);
                others += weight;
                slopes += weight * slope / value;
            }

            if (largest < Negligible)
                break;
        }

        double logFirst = Beta + Math.Log(first);
        return (Volume * logFirst + BesselRatios.LogOnePlus(others), slopes / (1 + others));
    }

    private readonly record struct Node(int A, int B, double Weight, double Trace, Complex Vandermonde);

    // Haar measure (1/6)(2π)^{-2} |Δ|² dα dβ; the weight carries e^{−β} and Δ* so that |Δ|² χ = Δ* · det(z^{l_j}).
    private Node[] Nodes(int points)
    {
        var nodes = new List<Node>(points * points);
        for (int a = 0; a < points; a++)
        {
            for (int b = 0; b < points; b++)
            {
                double alpha = 2 * Math.PI * a / points, other = 2 * Math.PI * b / points;
                double trace = (Math.Cos(alpha) + Math.Cos(other) + Math.Cos(alpha + other)) / 3;
                double weight = Math.Exp(Beta * (trace - 1)) / (6.0 * points * points);
                if (weight * points * points > 1e-22)
                    nodes.Add(new Node(a, b, weight, trace, Complex.Conjugate(Determinant(a, b, points, 2, 1))));
            }
        }

        return [.. nodes];
    }

    // b_pq/d_pq and its β-derivative, both times e^{−β}.
    private static (double Value, double Slope) Coefficient(Node[] nodes, int points, int p, int q)
    {
        double value = 0, slope = 0;
        foreach (Node node in nodes)
        {
            double term = node.Weight * (node.Vandermonde * Determinant(node.A, node.B, points, p + q + 2, q + 1)).Real;
            value += term;
            slope += term * node.Trace;
        }

        double dimension = (p + 1) * (q + 1) * (p + q + 2) / 2.0;
        return (value / dimension, slope / dimension);
    }

    // det [z_i^{l_j}] with l = (l1, l2, 0), z = (e^{iα}, e^{iβ}, e^{−i(α+β)}) (Weyl's character formula).
    private static Complex Determinant(int a, int b, int points, int l1, int l2)
    {
        int c = -(a + b);
        Complex Pair(int i, int j) => Root((long)l1 * i + (long)l2 * j, points) - Root((long)l1 * j + (long)l2 * i, points);
        return Pair(a, b) - Pair(a, c) + Pair(b, c);
    }

    private static Complex Root(long index, int points)
    {
        (double sine, double cosine) = Math.SinCos(2 * Math.PI * (index % points) / points);
        return new Complex(cosine, sine);
    }
}
