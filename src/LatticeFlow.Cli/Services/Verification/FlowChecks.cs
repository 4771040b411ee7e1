using LatticeFlow.Fields;
using LatticeFlow.Flows;
using LatticeFlow.Groups;

namespace LatticeFlow.Cli.Services.Verification;

/// <summary>The laws of a flow, with the parameters that it was trained to: inverse, density, gauge and translation symmetry.</summary>
public sealed class FlowChecks(VerifiedRun run, Checklist list)
{
    // Every layer is inverted to a few ulp; the slopes of trained maps, up to some hundreds, magnify that from layer to layer.
    private const double InverseToleranceSingle = 1e-3;
    private const double InverseToleranceDouble = 1e-10;

    // Fourth-order differences of step 1e-5: truncation is far below rounding, 3e-11 an entry, magnified by the slopes and summed over the rows.
    private const double LogDetTolerance = 1e-6;

    // Symmetries hold up to the rounding of loops, magnified like that of the inverse.
    private const double SymmetryTolerance = 1e-10;
    private const int Replicas = 64;

    // Of the full Jacobian each row takes four passes, and elimination the third power of its rows.
    private const int MostTangents = 2500;

    public void Run(FlowModel flow)
    {
        var laws = new FlowLaws(run.Device, run.Space, run.Seed("laws"));
        Inverse(laws, flow, Compute.Precision.Double, InverseToleranceDouble);
        if (run.Precision == Compute.Precision.Single) Inverse(laws, flow, Compute.Precision.Single, InverseToleranceSingle);
        LogDeterminant(flow);
        if (run.Space.Type is GaugeGroup) Gauge(laws, flow);
        Equivariance("flow: translation equivariance", laws.TranslationEquivariance(flow, laws.Random(1)));
    }

    private void Gauge(FlowLaws laws, FlowModel flow)
    {
        list.AtMost("flow: gauge invariance", "difference of log q of a gauge transformed configuration", laws.GaugeInvariance(flow, laws.Random(1)), SymmetryTolerance * 10);
        if (flow.Layers.All(layer => layer.IsEquivariant)) Equivariance("flow: gauge equivariance", laws.GaugeEquivariance(flow, laws.Random(1)));
    }

    private void Equivariance(string name, (double Distance, double LogDensity) law)
    {
        list.AtMost(name, "largest |f(gz) - g f(z)|", law.Distance, SymmetryTolerance);
        list.AtMost(name, "difference of log q", law.LogDensity, SymmetryTolerance * 10);
    }

    private void Inverse(FlowLaws laws, FlowModel flow, Compute.Precision precision, double tolerance)
    {
        var (distance, density) = laws.Inverse(flow, laws.Random(Replicas), precision);
        var name = $"flow: inverse, {(precision == Compute.Precision.Double ? "double" : "float")}";
        list.AtMost(name, $"largest |f^-1(f(z)) - z|, {Replicas} replicas", distance, tolerance);
        list.AtMost(name, "largest difference of log q between the two ways", density, tolerance * 10);
    }

    // The density of a differential equation is not that of the steps that integrate it: their difference falls with the step.
    private void Integration(FlowLaws laws, FlowModel finer, double[] point, double error, FieldSpace smallest)
    {
        var (logDet, numerical) = laws.LogDeterminant(finer, point);
        list.AtMost("flow: log-determinant", $"difference of the integrated -log q from that of the full numerical Jacobians of the steps on {smallest.Lattice}", error, IntegrationError.LargestDeviation);
        list.AtMost("flow: log-determinant", FormattableString.Invariant($"the same, -log q = {logDet:G8}, at half the step"), numerical - logDet, Math.Max(LogDetTolerance, Math.Abs(error) / 2));
    }

    private void LogDeterminant(FlowModel flow)
    {
        if (flow.SmallestSpace(run.Space) is not { } smallest || smallest.Tangents > MostTangents)
        {
            list.Passed("flow: log-determinant", $"not compared: the full numerical Jacobian would have more than {MostTangents} rows");
            return;
        }
        var laws = new FlowLaws(run.Device, smallest, run.Seed("jacobian"));
        var point = laws.Random(1);
        var (logDet, numerical) = laws.LogDeterminant(flow, point);
        if (flow.Refined() is { } finer)
        {
            Integration(laws, finer, point, numerical - logDet, smallest);
            return;
        }
        list.AtMost("flow: log-determinant", $"difference of -log q = {FormattableString.Invariant($"{logDet:G8}")} from that of the full numerical Jacobians on {smallest.Lattice}",
            numerical - logDet, LogDetTolerance);
    }
}
