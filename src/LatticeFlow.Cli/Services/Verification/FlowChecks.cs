using LatticeFlow.Compute.RandomNumbers;
using LatticeFlow.Flows;
using LatticeFlow.Kernels.RandomNumbers;
using LatticeFlow.Lattice;

namespace LatticeFlow.Cli.Services.Verification;

/// <summary>The laws of a flow, with the parameters that it was trained to: inverse, density, gauge and translation symmetry.</summary>
public sealed class FlowChecks(VerifiedRun run, Checklist list)
{
    // Every layer is inverted to a few ulp of π; the slopes of trained maps, up to some hundreds, magnify that from layer to layer.
    private const double InverseToleranceSingle = 1e-3;
    private const double InverseToleranceDouble = 1e-10;

    // Fourth-order differences of step 1e-5: truncation is far below rounding, 3e-11 an entry, magnified by the slopes and summed over the rows.
    private const double Step = 1e-5;
    private const double LogDetTolerance = 1e-6;

    // Symmetries hold up to the rounding of the plaquette sums, magnified like that of the inverse.
    private const double SymmetryTolerance = 1e-10;
    private const int Replicas = 64;

    public void Run(FlowModel flow)
    {
        Inverse(flow, Compute.Precision.Double, InverseToleranceDouble);
        if (run.Precision == Compute.Precision.Single) Inverse(flow, Compute.Precision.Single, InverseToleranceSingle);
        // On Haar measure, whose density is 1, so that log q is the determinant alone.
        var layers = new FlowModel(flow.Layers);
        flow.Parameters.CopyTo(layers.Parameters, 0);
        LogDeterminant(layers);
        GaugeSymmetry(flow);
        TranslationSymmetry(flow);
    }

    /// <summary>The smallest lattice with two different extents that the flow can act on.</summary>
    public static LatticeGeometry Smallest(FlowModel flow)
    {
        var kernel = flow.Layers.OfType<PlaquetteCoupling>().Select(layer => layer.KernelSize).DefaultIfEmpty(1).Max();
        var extent = (kernel + StripeMask.Period - 1) / StripeMask.Period * StripeMask.Period;
        return new(extent, extent + StripeMask.Period);
    }

    private void Inverse(FlowModel flow, Compute.Precision precision, double tolerance)
    {
        using var engine = FlowEngine.Create(run.Device, precision, flow, run.Lattice, Replicas);
        var prior = Angles(Replicas * run.Lattice.Links, "inverse");
        var (links, back) = (new double[prior.Length], new double[prior.Length]);
        var (there, again) = (new double[Replicas], new double[Replicas]);
        engine.Forward(prior, links, there);
        engine.Inverse(links, back, again);
        var name = $"flow: inverse, {(precision == Compute.Precision.Double ? "double" : "float")}";
        list.AtMost(name, $"largest |f^-1(f(z)) - z|, {Replicas} replicas", Largest(prior, back), tolerance);
        list.AtMost(name, "largest difference of log q between the two ways", there.Zip(again, (a, b) => Math.Abs(a - b)).Max(), tolerance * 10);
    }

    /// <summary>
    /// −log q of the whole chain against the sum over its layers of ln|det| of the full numerical Jacobian of each, at the point that the chain has reached. Layer by layer,
    /// because the kinks of a leaky ReLU only touch derivatives by frozen links, which drop out of the determinant of a layer but not from products of Jacobians.
    /// </summary>
    private void LogDeterminant(FlowModel flow)
    {
        var lattice = Smallest(flow);
        var start = Angles(lattice.Links, "jacobian");
        var chainDensity = new double[1];
        using (var chain = FlowEngine.Create(run.Device, Compute.Precision.Double, flow, lattice, 1)) chain.Forward(start, new double[start.Length], chainDensity);
        var (point, sum) = (start, 0.0);
        for (var layer = 0; layer < flow.Layers.Count; layer++)
        {
            var single = new FlowModel([flow.Layers[layer]]);
            flow.Parameters.AsSpan(flow.FirstParameter(layer), single.Parameters.Length).CopyTo(single.Parameters);
            sum += NumericalLogDeterminant(single, lattice, ref point);
        }
        list.AtMost("flow: log-determinant", $"difference of -log q = {FormattableString.Invariant($"{-chainDensity[0]:G8}")} from that of the full numerical Jacobians on {lattice}",
            sum + chainDensity[0], LogDetTolerance);
    }

    /// <summary>ln|det ∂f/∂z| at a point, which moves on to its image.</summary>
    private double NumericalLogDeterminant(FlowModel layer, LatticeGeometry lattice, ref double[] point)
    {
        var n = lattice.Links;
        (int Shift, double Weight)[] stencil = [(1, 8), (-1, -8), (2, -1), (-2, 1)];
        var replicas = 1 + (stencil.Length * n);
        using var engine = FlowEngine.Create(run.Device, Compute.Precision.Double, layer, lattice, replicas);
        var priors = new double[replicas * n];
        for (var replica = 0; replica < replicas; replica++) point.CopyTo(priors, replica * n);
        for (var j = 0; j < n; j++)
        {
            for (var s = 0; s < stencil.Length; s++) priors[(Replica(j, s) * n) + j] += stencil[s].Shift * Step;
        }
        var images = new double[priors.Length];
        engine.Forward(priors, images, new double[replicas]);
        var jacobian = new double[n, n];
        for (var i = 0; i < n; i++)
        {
            for (var j = 0; j < n; j++)
            {
                for (var s = 0; s < stencil.Length; s++)
                    jacobian[i, j] += stencil[s].Weight * Math.IEEERemainder(images[(Replica(j, s) * n) + i] - images[i], 2 * Math.PI) / (12 * Step);
            }
        }
        point = images[..n];
        return LogAbsDeterminant(jacobian);

        int Replica(int j, int s) => 1 + (stencil.Length * j) + s;
    }

    /// <summary>U_μ(x) → Ω(x) U_μ(x) Ω(x+μ)† before or after the flow.</summary>
    private void GaugeSymmetry(FlowModel flow)
    {
        var lattice = run.Lattice;
        var prior = Angles(lattice.Links, "gauge");
        var gauge = Angles(lattice.Volume, "transformation");
        double[] Transform(double[] links)
        {
            var result = new double[links.Length];
            for (var site = 0; site < lattice.Volume; site++)
            {
                for (var mu = 0; mu < lattice.Dimensions; mu++)
                    result[lattice.Link(site, mu)] = links[lattice.Link(site, mu)] + gauge[site] - gauge[lattice.Neighbour(site, mu)];
            }
            return result;
        }
        Symmetry(flow, "flow: gauge equivariance", prior, Transform);
    }

    /// <summary>By a period of the mask in both directions.</summary>
    private void TranslationSymmetry(FlowModel flow)
    {
        var lattice = run.Lattice;
        double[] Translate(double[] links)
        {
            var result = new double[links.Length];
            for (var site = 0; site < lattice.Volume; site++)
            {
                var moved = site;
                for (var mu = 0; mu < lattice.Dimensions; mu++) moved = lattice.Neighbour(moved, mu, StripeMask.Period);
                for (var mu = 0; mu < lattice.Dimensions; mu++) result[lattice.Link(moved, mu)] = links[lattice.Link(site, mu)];
            }
            return result;
        }
        Symmetry(flow, "flow: translation equivariance", Angles(lattice.Links, "translation"), Translate);
    }

    private void Symmetry(FlowModel flow, string name, double[] prior, Func<double[], double[]> transform)
    {
        using var engine = FlowEngine.Create(run.Device, Compute.Precision.Double, flow, run.Lattice, 2);
        double[] both = [.. prior, .. transform(prior)];
        var images = new double[both.Length];
        var logDensity = new double[2];
        engine.Forward(both, images, logDensity);
        list.AtMost(name, "largest |f(gz) - g f(z)|", Largest(transform(images[..prior.Length]), images[prior.Length..]), SymmetryTolerance);
        list.AtMost(name, "difference of log q", logDensity[1] - logDensity[0], SymmetryTolerance * 10);
    }

    private double[] Angles(int count, string use)
    {
        var random = new HostRandom(run.Seed(use), Purpose.Probe);
        return [.. Enumerable.Range(0, count).Select(_ => Math.PI * ((2 * random.NextUniform()) - 1))];
    }

    private static double Largest(double[] a, double[] b) => a.Zip(b, (x, y) => Math.Abs(Math.IEEERemainder(x - y, 2 * Math.PI))).Aggregate(0.0, Math.Max);

    /// <summary>ln |det| by elimination with partial pivoting.</summary>
    private static double LogAbsDeterminant(double[,] a)
    {
        var n = a.GetLength(0);
        double sum = 0;
        for (var k = 0; k < n; k++)
        {
            var pivot = k;
            for (var i = k + 1; i < n; i++)
            {
                if (Math.Abs(a[i, k]) > Math.Abs(a[pivot, k])) pivot = i;
            }
            for (var j = 0; j < n; j++) (a[k, j], a[pivot, j]) = (a[pivot, j], a[k, j]);
            sum += Math.Log(Math.Abs(a[k, k]));
            for (var i = k + 1; i < n; i++)
            {
                var factor = a[i, k] / a[k, k];
                for (var j = k; j < n; j++) a[i, j] -= factor * a[k, j];
            }
        }
        return sum;
    }
}
