namespace LatticeFlow.Analysis;

/// <summary>
/// Expectation values with the weight e^{−S + iθQ} from configurations drawn with e^{−S}. Both series are <c>[replica][configuration]</c> in Monte Carlo order; S is taken to be even under Q → −Q, so that Z(θ) is real.
/// Everything throws <see cref="ArgumentException"/> on series that do not fit together and where the average sign is not distinguishable from zero.
/// </summary>
/// <remarks>The error grows with the inverse of the average sign, which falls exponentially with the volume: this is the sign problem, not solved but shown.</remarks>
public static class ThetaReweighting
{
    /// <summary>An average sign of less than so many errors is none.</summary>
    public const double LeastSigmas = 2;

    /// <summary>⟨cos θQ⟩ = Z(θ)/Z(0), the average sign. θ = 0 gives 1 with no error.</summary>
    public static GammaResult AverageSign(IReadOnlyList<double[]> charge, double theta, GammaOptions? options = null) => GammaMethod.Analyze(Map(charge, q => Math.Cos(theta * q)), options);

    /// <summary>⟨O⟩_θ = ⟨O cos θQ⟩/⟨cos θQ⟩ of an observable that is even under Q → −Q.</summary>
    public static ThetaEstimate Even(IReadOnlyList<double[]> charge, IReadOnlyList<double[]> observable, double theta, GammaOptions? options = null) => Ratio(charge, observable, theta, Math.Cos, options);

    /// <summary>Im ⟨O⟩_θ = ⟨O sin θQ⟩/⟨cos θQ⟩ of an observable that is odd under Q → −Q, whose real part is zero: of Q it is −∂ ln Z/∂θ.</summary>
    public static ThetaEstimate Odd(IReadOnlyList<double[]> charge, IReadOnlyList<double[]> observable, double theta, GammaOptions? options = null) => Ratio(charge, observable, theta, Math.Sin, options);

    private static ThetaEstimate Ratio(IReadOnlyList<double[]> charge, IReadOnlyList<double[]> observable, double theta, Func<double, double> phase, GammaOptions? options)
    {
        if (charge.Count != observable.Count || charge.Zip(observable).Any(pair => pair.First.Length != pair.Second.Length))
            throw new ArgumentException("the charge and the observable have different numbers of replicas or configurations.");
        GammaResult sign = AverageSign(charge, theta, options);
        if (!(Math.Abs(sign.Mean) > LeastSigmas * sign.Error))
            throw new ArgumentException(FormattableString.Invariant($"theta = {theta}: the average sign is {sign.Mean:G3} with an error of {sign.Error:G2}, not distinguishable from zero; take a smaller theta, a smaller volume or more configurations."));
        double[][] weighted = [.. observable.Select((values, r) => values.Select((o, i) => o * phase(theta * charge[r][i])).ToArray())];
        GammaResult value = GammaMethod.AnalyzeDerived(
            [weighted, Map(charge, q => Math.Cos(theta * q))], means => means[0] / means[1], means => [1 / means[1], -means[0] / (means[1] * means[1])], options);
        return new ThetaEstimate(theta, value, sign);
    }

    private static double[][] Map(IReadOnlyList<double[]> replicas, Func<double, double> function) => [.. replicas.Select(replica => replica.Select(function).ToArray())];
}

/// <summary>An expectation value at θ, and the average sign it is divided by.</summary>
public sealed record ThetaEstimate(double Theta, GammaResult Value, GammaResult AverageSign);
