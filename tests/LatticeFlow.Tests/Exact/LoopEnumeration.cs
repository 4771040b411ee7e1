namespace LatticeFlow.Tests;

/// <summary>
/// Z(g, h) = ∫ Π_P e^{g X_P} Π_R e^{h X_R} of an Abelian group on a two-dimensional torus through fifth order, X = Re z: sets of loops are enumerated one by one,
/// and each is worth 2^{−n} times the number of signs for which the charges cancel on every plaquette.
/// </summary>
internal static class LoopEnumeration
{
    private const int Order = 5;

    /// <summary>Coefficients [a, b] of g^a h^b; charges are integers (modulus 0, U(1)) or counted mod 2 or 3. Holds while the whole torus has more plaquettes than five loops cover.</summary>
    public static double[,] PartitionFunction(int modulus, int extent0, int extent1)
    {
        var loops = new List<int[]>();
        int Plaquette(int x, int y) => x % extent0 * extent1 + y % extent1;
        for (int x = 0; x < extent0; x++)
        {
            for (int y = 0; y < extent1; y++)
                loops.Add([Plaquette(x, y)]);
        }

        int plaquettes = loops.Count;
        for (int x = 0; x < extent0; x++)
        {
            for (int y = 0; y < extent1; y++)
            {
                loops.Add([Plaquette(x, y), Plaquette(x + 1, y)]);
                loops.Add([Plaquette(x, y), Plaquette(x, y + 1)]);
            }
        }

        var z = new double[Order + 1, Order + 1];
        var chosen = new int[Order];
        var cover = new int[plaquettes];
        Extend(0, 0, 1, 0);
        return z;

        // Sets in ascending order; the weight is 1/Π n_i!, the run the repetitions of the last loop.
        void Extend(int count, int first, double weight, int run)
        {
            int single = cover.Count(c => c == 1);
            // A loop covers two plaquettes at most: what is left cannot pair more.
            if (single > 2 * (Order - count))
                return;
            if (single == 0)
            {
                int a = chosen.Take(count).Count(l => l < plaquettes);
                z[a, count - a] += weight * Moment(count);
            }

            if (count == Order)
                return;
            for (int loop = first; loop < loops.Count; loop++)
            {
                int repetition = count > 0 && loop == chosen[count - 1] ? run + 1 : 1;
                chosen[count] = loop;
                foreach (int p in loops[loop])
                    cover[p]++;
                Extend(count + 1, loop, weight / repetition, repetition);
                foreach (int p in loops[loop])
                    cover[p]--;
            }
        }

        double Moment(int count)
        {
            int good = 0;
            for (int signs = 0; signs < 1 << count; signs++)
            {
                var charge = new Dictionary<int, int>();
                for (int i = 0; i < count; i++)
                {
                    foreach (int p in loops[chosen[i]])
                        charge[p] = charge.GetValueOrDefault(p) + ((signs >> i & 1) == 0 ? 1 : -1);
                }

                if (charge.Values.All(q => modulus == 0 ? q == 0 : q % modulus == 0))
                    good++;
            }

            return good / (double)(1 << count);
        }
    }

    /// <summary>ln Z as a power series through fifth order: n f_n = n z_n − Σ_{k&lt;n} k f_k z_{n−k}, by total degree.</summary>
    public static double[,] Logarithm(double[,] z)
    {
        var f = new double[Order + 1, Order + 1];
        for (int n = 1; n <= Order; n++)
        {
            for (int a = 0; a <= n; a++)
            {
                int b = n - a;
                double sum = n * z[a, b];
                for (int i = 0; i <= a; i++)
                {
                    for (int j = 0; j <= b; j++)
                    {
                        if (i + j > 0 && i + j < n)
                            sum -= (i + j) * f[i, j] * z[a - i, b - j];
                    }
                }

                f[a, b] = sum / n;
            }
        }

        return f;
    }
}
