using LatticeFlow.Actions;
using LatticeFlow.Observables;

namespace LatticeFlow.Cli.Services.Verification;

/// <summary>S and the observables of one stored scalar by plain loops over the lattice: slow, and sharing nothing with the kernels that they check.</summary>
/// <param name="Action">S = Σ_x [Σ_μ (φ(x+μ) − φ(x))² + m² φ² + λ φ⁴].</param>
/// <param name="Terms">The sum of the magnitudes of its terms, at least 1.</param>
/// <param name="Sum">Σ φ.</param>
/// <param name="Squares">Σ φ².</param>
/// <param name="TwoPoint">C(t) = (1/V) Σ_x Σ_y φ(x) φ(y) over y_0 = x_0 + t.</param>
/// <param name="Volume">V.</param>
public sealed record HostScalar(double Action, double Terms, double Sum, double Squares, double[] TwoPoint, int Volume)
{
    /// <summary>Measures φ as it is stored, <c>[site]</c>.</summary>
    public static HostScalar Of(Phi4Action theory, ReadOnlySpan<double> phi)
    {
        var lattice = theory.Lattice;
        double action = 0, terms = 0, sum = 0, squares = 0;
        var slices = new double[lattice.Extents[0]];
        for (var site = 0; site < lattice.Volume; site++)
        {
            var square = phi[site] * phi[site];
            double hopping = 0;
            for (var mu = 0; mu < lattice.Dimensions; mu++) hopping += Math.Pow(phi[lattice.Neighbour(site, mu)] - phi[site], 2);
            action += hopping + (theory.MassSquared * square) + (theory.Lambda * square * square);
            terms += hopping + (Math.Abs(theory.MassSquared) * square) + (theory.Lambda * square * square);
            sum += phi[site];
            squares += square;
            slices[lattice.Coordinate(site, 0)] += phi[site];
        }
        var twoPoint = new double[slices.Length];
        for (var t = 0; t < slices.Length; t++)
        {
            for (var from = 0; from < slices.Length; from++) twoPoint[t] += slices[from] * slices[(from + t) % slices.Length] / lattice.Volume;
        }
        return new(action, Math.Max(1, terms), sum, squares, twoPoint, lattice.Volume);
    }

    /// <summary>The numbers of an observable, or null where it is not known here.</summary>
    public double[]? Values(string observable) => observable switch
    {
        "phi_squared" => [Squares / Volume],
        "magnetization_squared" => [Sum * Sum / Volume],
        "magnetization_abs" => [Math.Abs(Sum) / Volume],
        "magnetization_fourth" => [Math.Pow(Sum, 4) / Volume / Volume],
        TwoPointFunction.Kind => TwoPoint,
        _ => null,
    };

    /// <summary>What the terms of an observable add up to without their signs, or more: by Schwarz's inequality |Σφ|² ≤ V Σφ². At least 1.</summary>
    public double Scale(string observable) => Math.Max(1, observable switch
    {
        "phi_squared" => Squares / Volume,
        "magnetization_abs" => Math.Sqrt(Squares / Volume),
        "magnetization_fourth" => Squares * Squares,
        _ => Squares,
    });
}
