using LatticeFlow.Actions;
using LatticeFlow.Compute;
using LatticeFlow.Compute.RandomNumbers;
using LatticeFlow.Fields;
using LatticeFlow.Groups;
using LatticeFlow.Kernels.RandomNumbers;

namespace LatticeFlow.Flows;

/// <summary>
/// What every flow owes, measured: each method says how far a flow is from a law, so that <c>verify</c> and tests ask the same questions and only differ in what they
/// allow. Layers are compiled in double unless a precision is given.
/// </summary>
/// <param name="device">Where the flow runs.</param>
/// <param name="space">What it acts on.</param>
/// <param name="seed">The seed of configurations, transformations and directions.</param>
public sealed class FlowLaws(ComputeDevice device, FieldSpace space, ulong seed)
{
    // Fourth-order differences: so short because splines have kinks in their second derivative, which a longer step would often cross; rounding leaves some 2e-12 an entry.
    // A power of two: angles take it without rounding.
    private const double Step = 1.0 / 16384;

    // For directions in the space of all parameters, along which kinks are met sooner.
    private const double ParameterStep = 2e-6;
    private static readonly (int Shift, double Weight)[] Stencil = [(1, 8), (-1, -8), (2, -1), (-2, 1)];
    private int draws;

    private FlowModel PriorAlone => new([], DefaultPrior.Of(space.Type));

    /// <summary>Independent configurations from the field's <see cref="DefaultPrior"/>, Haar measure of links, <c>[n][number]</c>; every call gives others.</summary>
    public double[] Random(int configurations)
    {
        using var engine = FlowEngine.Create(device, Precision.Double, PriorAlone, space, configurations);
        var result = new double[configurations * space.Numbers];
        engine.Sample(seed + (ulong)draws++, 0, result, new double[configurations]);
        return result;
    }

    /// <summary>
    /// A configuration of links whose loops all have nearly degenerate eigenvalues: a random gauge transformation of links e^{iX}, |X_a| ≤ <paramref name="size"/>. Of size 0 every loop is 1 to rounding.
    /// </summary>
    public double[] NearlyDegenerate(double size)
    {
        var group = Group();
        var random = new HostRandom(seed + (ulong)draws++, Purpose.Probe);
        var configuration = RandomElements(space.Lattice.Links);
        for (int link = 0; link < space.Lattice.Links; link++)
        {
            var element = Element(configuration, link);
            group.SetStart(element);
            group.Retract(element, [.. Enumerable.Range(0, group.TangentComponents).Select(_ => size * ((2 * random.NextUniform()) - 1))]);
        }

        return GaugeTransform(configuration, RandomElements(space.Lattice.Volume));
    }

    /// <summary>The largest <see cref="FieldType.Distance"/> of an element from f⁻¹(f(z)), and the largest difference of log q between the two ways.</summary>
    public (double Distance, double LogDensity) Inverse(FlowModel flow, ReadOnlySpan<double> priors, Precision precision = Precision.Double)
    {
        int replicas = priors.Length / space.Numbers;
        using var engine = FlowEngine.Create(device, precision, flow, space, replicas);
        double[] configurations = new double[priors.Length], back = new double[priors.Length], there = new double[replicas], again = new double[replicas];
        engine.Forward(priors, configurations, there);
        engine.Inverse(configurations, back, again);
        return (space.Type.Distance(priors, back), there.Zip(again, (a, b) => Math.Abs(a - b)).Max());
    }

    /// <summary>
    /// log r − log q of the layers, their ln|det|, and the sum over them of ln|det| of the full numerical Jacobian of each in coordinates of tangents, at the point that the chain has reached. Layer by
    /// layer, because kinks of conditions only touch derivatives by frozen links, which drop out of the determinant of a layer but not from products of Jacobians.
    /// </summary>
    public (double LogDet, double Numerical) LogDeterminant(FlowModel flow, ReadOnlySpan<double> prior)
    {
        var point = prior.ToArray();
        var layers = new FlowModel(flow.Layers, DefaultPrior.Of(space.Type));
        flow.Parameters.CopyTo(layers.Parameters, 0);
        double[] density = new double[1], ofPrior = new double[1];
        using (var chain = FlowEngine.Create(device, Precision.Double, layers, space, 1)) chain.Forward(point, new double[point.Length], density);
        using (var alone = FlowEngine.Create(device, Precision.Double, PriorAlone, space, 1)) alone.Forward(point, new double[point.Length], ofPrior);
        double sum = 0;
        for (int layer = 0; layer < flow.Layers.Count; layer++)
        {
            var single = new FlowModel([flow.Layers[layer]], DefaultPrior.Of(space.Type));
            flow.ShareOf(layer, flow.Parameters).CopyTo(single.Parameters);
            sum += NumericalLogDeterminant(single, ref point);
        }

        return (ofPrior[0] - density[0], sum);
    }

    /// <summary>
    /// Of a random gauge transformation g: U_μ(x) → g(x) U_μ(x) g(x+μ)†: the largest distance of a link of f(gz) from g f(z), and the difference of log q. For flows that start on a coarser
    /// lattice g acts on what it has there: see <see cref="GaugeInvariance"/>.
    /// </summary>
    /// <exception cref="NotSupportedException">The field has no gauge transformations.</exception>
    public (double Distance, double LogDensity) GaugeEquivariance(FlowModel flow, ReadOnlySpan<double> prior)
    {
        var gauge = RandomElements(space.Lattice.Volume);
        return Symmetry(flow, prior, configuration => GaugeTransform(configuration, gauge));
    }

    /// <summary>|log q(gU) − log q(U)| of a random gauge transformation g at a configuration U = f(z): what exactness needs of every flow.</summary>
    /// <exception cref="NotSupportedException">The field has no gauge transformations.</exception>
    public double GaugeInvariance(FlowModel flow, ReadOnlySpan<double> prior)
    {
        var gauge = RandomElements(space.Lattice.Volume);
        return Invariance(flow, prior, configuration => GaugeTransform(configuration, gauge));
    }

    /// <summary>The same as <see cref="GaugeEquivariance"/> of the shortest translation by the layers' periods in all directions at once.</summary>
    public (double Distance, double LogDensity) TranslationEquivariance(FlowModel flow, ReadOnlySpan<double> prior) => Symmetry(flow, prior, configuration => Translate(flow, configuration));

    /// <summary>The same as <see cref="GaugeInvariance"/> of that translation.</summary>
    public double TranslationInvariance(FlowModel flow, ReadOnlySpan<double> prior) => Invariance(flow, prior, configuration => Translate(flow, configuration));

    /// <summary>
    /// The gradient of the loss by the parameters against fourth-order differences along a random direction: the difference relative to the larger of 1 and the derivative, and the derivative.
    /// The path estimator is compared with differences at the density of the parameters that stand still, the score estimator with those of log q at configurations and weights that stand still.
    /// </summary>
    public (double Difference, double Derivative) Gradient(FlowModel flow, IAction action, ReadOnlySpan<double> priors, GradientEstimator estimator)
    {
        int replicas = priors.Length / space.Numbers;
        using var engine = FlowEngine.CreateTraining(device, Precision.Double, flow, action, replicas);
        var prior = priors.ToArray();
        var start = (double[])flow.Parameters.Clone();
        double[] gradient = new double[start.Length], logDensity = new double[replicas], energy = new double[replicas], scratch = new double[start.Length], configurations = new double[prior.Length];
        engine.Gradient(prior, 1, estimator, gradient, logDensity, energy);
        var random = new HostRandom(seed + (ulong)draws++, Purpose.Probe);
        var direction = start.Select(_ => (2 * random.NextUniform()) - 1).ToArray();
        double numerical = Stencil.Sum(point => point.Weight * Loss(point.Shift)) / (12 * ParameterStep);
        double exact = gradient.Zip(direction, (g, d) => g * d).Sum();
        engine.Load(start);
        return (Math.Abs(numerical - exact) / Math.Max(1, Math.Abs(exact)), exact);

        double Loss(int shift)
        {
            double[] at = [.. start.Zip(direction, (x, d) => x + (shift * ParameterStep * d))];
            if (estimator == GradientEstimator.Score) return Covariance(at);
            engine.Load(at);
            engine.Gradient(prior, 1, GradientEstimator.Plain, scratch, logDensity, energy);
            if (estimator == GradientEstimator.Path)
            {
                engine.Forward(prior, configurations, logDensity);
                engine.Load(start);
                engine.Inverse(configurations, new double[prior.Length], logDensity);
            }

            return logDensity.Zip(energy, (a, b) => a + b).Average();
        }

        double Covariance(double[] at)
        {
            engine.Load(start);
            engine.Gradient(prior, 1, GradientEstimator.Plain, scratch, logDensity, energy);
            engine.Forward(prior, configurations, logDensity);
            double[] work = [.. logDensity.Zip(energy, (a, b) => a + b)];
            double mean = work.Average();
            engine.Load(at);
            engine.Inverse(configurations, new double[prior.Length], logDensity);
            return work.Zip(logDensity, (w, log) => (w - mean) * log).Sum() / (replicas - 1);
        }
    }

    /// <summary>
    /// <see cref="IFlowTrainingEngine.ForwardGradient"/> against fourth-order differences of −log q at given configurations along a random direction, and their log q against that of the inverse: the larger
    /// difference, relative to the larger of 1 and the derivative, and the derivative.
    /// </summary>
    public (double Difference, double Derivative) ForwardGradient(FlowModel flow, IAction action, ReadOnlySpan<double> configurations)
    {
        int replicas = configurations.Length / space.Numbers;
        using var engine = FlowEngine.CreateTraining(device, Precision.Double, flow, action, replicas);
        var fixedOnes = configurations.ToArray();
        var start = (double[])flow.Parameters.Clone();
        double[] gradient = new double[start.Length], logDensity = new double[replicas], again = new double[replicas], scratch = new double[fixedOnes.Length];
        engine.ForwardGradient(fixedOnes, gradient, logDensity);
        engine.Inverse(fixedOnes, scratch, again);
        double densities = logDensity.Zip(again, (a, b) => Math.Abs(a - b) / Math.Max(1, Math.Abs(b))).Max();
        var random = new HostRandom(seed + (ulong)draws++, Purpose.Probe);
        var direction = start.Select(_ => (2 * random.NextUniform()) - 1).ToArray();
        double numerical = Stencil.Sum(point => point.Weight * Loss(point.Shift)) / (12 * ParameterStep);
        double exact = gradient.Zip(direction, (g, d) => g * d).Sum();
        return (Math.Max(densities, Math.Abs(numerical - exact) / Math.Max(1, Math.Abs(exact))), exact);

        double Loss(int shift)
        {
            engine.Load([.. start.Zip(direction, (x, d) => x + (shift * ParameterStep * d))]);
            engine.Inverse(fixedOnes, scratch, again);
            return -again.Average();
        }
    }

    /// <summary>
    /// The force of <see cref="FlowedAction"/> against fourth-order differences along a random direction: what Hamiltonian trajectories in the coordinates of the flow need. The difference relative
    /// to the larger of 1 and the derivative, and the derivative.
    /// </summary>
    public (double Difference, double Derivative) PriorGradient(FlowModel flow, IAction action, ReadOnlySpan<double> prior)
    {
        var random = new HostRandom(seed + (ulong)draws++, Purpose.Probe);
        var direction = Enumerable.Range(0, space.Tangents).Select(_ => (2 * random.NextUniform()) - 1).ToArray();
        var flowed = new FlowedAction(action, flow);
        double[] force = ActionForce.Evaluate(device, flowed, prior);
        using var evaluator = ActionEvaluator.Create(device, flowed, Stencil.Length);
        var points = new double[Stencil.Length * space.Numbers];
        var energies = new double[Stencil.Length];
        for (int s = 0; s < Stencil.Length; s++)
        {
            var point = points.AsSpan(s * space.Numbers, space.Numbers);
            prior.CopyTo(point);
            space.Retract(point, [.. direction.Select(d => Stencil[s].Shift * ParameterStep * d)]);
        }

        evaluator.Evaluate(points, energies);
        double numerical = Stencil.Select((point, s) => point.Weight * energies[s]).Sum() / (12 * ParameterStep);
        double exact = -force.Zip(direction, (f, d) => f * d).Sum();
        return (Math.Abs(numerical - exact) / Math.Max(1, Math.Abs(exact)), exact);
    }

    private double NumericalLogDeterminant(FlowModel layer, ref double[] point)
    {
        int n = space.Tangents, numbers = space.Numbers, replicas = 1 + (Stencil.Length * n);
        using var engine = FlowEngine.Create(device, Precision.Double, layer, space, replicas);
        var priors = new double[replicas * numbers];
        var tangent = new double[n];
        for (int replica = 0; replica < replicas; replica++)
        {
            var one = priors.AsSpan(replica * numbers, numbers);
            point.CopyTo(one);
            if (replica == 0) continue;
            int j = (replica - 1) / Stencil.Length;
            tangent[j] = Stencil[(replica - 1) % Stencil.Length].Shift * Step;
            int element = j / space.Type.TangentComponents;
            space.Type.Retract(Element(one, element), tangent.AsSpan(element * space.Type.TangentComponents, space.Type.TangentComponents));
            tangent[j] = 0;
        }

        var images = new double[priors.Length];
        engine.Forward(priors, images, new double[replicas]);
        var image = images[..numbers];
        var jacobian = new double[n, n];
        var difference = new double[n];
        for (int replica = 1; replica < replicas; replica++)
        {
            int j = (replica - 1) / Stencil.Length;
            space.Difference(images.AsSpan(replica * numbers, numbers), image, difference);
            for (int i = 0; i < n; i++) jacobian[i, j] += Stencil[(replica - 1) % Stencil.Length].Weight * difference[i] / (12 * Step);
        }

        point = image;
        return Determinant.LogAbs(jacobian);
    }

    private (double Distance, double LogDensity) Symmetry(FlowModel flow, ReadOnlySpan<double> prior, Func<double[], double[]> transform)
    {
        using var engine = FlowEngine.Create(device, Precision.Double, flow, space, 2);
        double[] both = [.. prior, .. transform(prior.ToArray())];
        var images = new double[both.Length];
        var logDensity = new double[2];
        engine.Forward(both, images, logDensity);
        return (space.Type.Distance(transform(images[..prior.Length]), images.AsSpan(prior.Length)), Math.Abs(logDensity[1] - logDensity[0]));
    }

    private double Invariance(FlowModel flow, ReadOnlySpan<double> prior, Func<double[], double[]> transform)
    {
        using var engine = FlowEngine.Create(device, Precision.Double, flow, space, 2);
        double[] twice = [.. prior, .. prior];
        var images = new double[twice.Length];
        var logDensity = new double[2];
        engine.Forward(twice, images, logDensity);
        double[] both = [.. images[..prior.Length], .. transform(images[..prior.Length])];
        engine.Inverse(both, images, logDensity);
        return Math.Abs(logDensity[1] - logDensity[0]);
    }

    private double[] GaugeTransform(double[] configuration, double[] gauge)
    {
        var group = Group();
        var lattice = space.Lattice;
        var result = (double[])configuration.Clone();
        for (int site = 0; site < lattice.Volume; site++)
        {
            for (int mu = 0; mu < lattice.Dimensions; mu++)
                group.Transform(Element(gauge, site), Element(result, lattice.Link(site, mu)), Element(gauge, lattice.Neighbour(site, mu)));
        }

        return result;
    }

    private double[] Translate(FlowModel flow, double[] configuration)
    {
        var lattice = space.Lattice;
        int ofSite = space.Type.ElementsOfSite(lattice);
        var result = new double[configuration.Length];
        for (int site = 0; site < lattice.Volume; site++)
        {
            int moved = site;
            for (int mu = 0; mu < lattice.Dimensions; mu++) moved = lattice.Neighbour(moved, mu, flow.Period(mu));
            for (int e = 0; e < ofSite; e++) Element(configuration, (site * ofSite) + e).CopyTo(Element(result, (moved * ofSite) + e));
        }

        return result;
    }

    private double[] RandomElements(int count)
    {
        int components = Group().Components, configurations = (count + space.Lattice.Links - 1) / space.Lattice.Links;
        return Random(configurations)[..(count * components)];
    }

    private GaugeGroup Group() => GaugeGroup.Of(space.Type, "a gauge transformation");

    private Span<double> Element(Span<double> configuration, int element) => configuration.Slice(element * space.Type.Components, space.Type.Components);
}
