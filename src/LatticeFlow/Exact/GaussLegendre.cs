namespace LatticeFlow.Exact;

/// <summary>Nodes and weights of Gauss–Legendre quadrature.</summary>
internal sealed record GaussLegendre(double[] Nodes, double[] Weights)
{
    /// <summary>n-point rule on [<paramref name="from"/>, <paramref name="to"/>]; exact for polynomials of degree 2n − 1.</summary>
    public static GaussLegendre On(double from, double to, int points)
    {
        var nodes = new double[points];
        var weights = new double[points];
        double centre = (from + to) / 2, half = (to - from) / 2;
        for (int i = 0; i < points; i++)
        {
            // Newton from Tricomi's asymptotic root converges in a few steps for every n.
            double x = Math.Cos(Math.PI * (i + 0.75) / (points + 0.5)), derivative = 0;
            for (int iteration = 0; iteration < 8; iteration++)
            {
                double p = 1, previous = 0;
                for (int k = 1; k <= points; k++)
                    (p, previous) = (((2 * k - 1) * x * p - (k - 1) * previous) / k, p);
                derivative = points * (x * p - previous) / (x * x - 1);
                double step = p / derivative;
                x -= step;
                if (Math.Abs(step) < 1e-15)
                    break;
            }

            nodes[i] = centre - half * x;
            weights[i] = half * 2 / ((1 - x * x) * derivative * derivative);
        }

        return new GaussLegendre(nodes, weights);
    }
}
