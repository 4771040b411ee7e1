using LatticeFlow.Actions;
using LatticeFlow.Groups;
using LatticeFlow.Kernels.Flows;

namespace LatticeFlow.Flows;

/// <summary>
/// The coefficients of a row of sweeps of staple couplings, as polynomials in the time of the flow that all sweeps share: the coefficient of term k in sweep s of K is
/// (1/K) Σ_m p_{k,m} t^m, t = (s + ½)/K. Layers of one schedule have the same parameters: p, <c>[term][power]</c>, then those of the network where there is one.
/// </summary>
/// <remarks>
/// They start from the first two orders of the trivialising flow of the Wilson action of coupling β (M. Lüscher 2010, arXiv:0907.5491, eqs. 4.13 and following, for any N): −Lap S̃ = S solved order by
/// order, S̃ = S̃_0 + t S̃_1. From β₀ on, S̃ = Δβ (S̃_0 + (β₀ + t Δβ) S̃_1), Δβ = β − β₀, with S̃_0 and S̃_1 of β = 1.
/// </remarks>
public sealed class StapleSchedule
{
    /// <summary>A schedule.</summary>
    /// <param name="group">The group.</param>
    /// <param name="dimensions">Dimensions of the lattice.</param>
    /// <param name="sweeps">K.</param>
    /// <param name="degree">The degree of the polynomials.</param>
    /// <param name="coupling">β of the Wilson action that coefficients start from.</param>
    /// <param name="order">Which terms there are: 2, all up to the second order of the trivialising flow; 1, plaquettes alone.</param>
    public StapleSchedule(GaugeGroup group, int dimensions, int sweeps, int degree, double coupling, int order = 2)
    {
        Group = group;
        Dimensions = dimensions;
        Sweeps = sweeps;
        Degree = degree;
        Coupling = coupling;
        Order = order;
        Terms = order == 1 ? new StapleTerms(1) : new StapleTerms(group.Order, dimensions);
    }

    /// <summary>A schedule of plaquettes around a defect, whose classes are those of <see cref="DefectMask"/>.</summary>
    /// <param name="group">The group.</param>
    /// <param name="dimensions">Dimensions of the lattice.</param>
    /// <param name="sweeps">K.</param>
    /// <param name="degree">The degree of the polynomials.</param>
    /// <param name="coupling">β times the change of the coefficient of the defect: the coefficients of its plaquettes start from the first order of the trivialising flow.</param>
    /// <param name="defect">The defect.</param>
    /// <param name="margin">The margin of the box whose links are moved besides; −1: none.</param>
    public StapleSchedule(GaugeGroup group, int dimensions, int sweeps, int degree, double coupling, BoundaryDefect defect, int margin)
        : this(group, dimensions, sweeps, degree, coupling, order: 1)
    {
        Defect = defect;
        Margin = margin;
        Terms = new StapleTerms(DefectMask.ClassesOf(margin) + 1);
    }

    /// <summary>A schedule of the same terms of which a parameter is a coefficient.</summary>
    public StapleSchedule OfCoefficients() => Defect is { } defect ? new(Group, Dimensions, 1, 0, 0, defect, Margin) : new(Group, Dimensions, 1, 0, 0, Order);

    /// <summary>The group.</summary>
    public GaugeGroup Group { get; }

    /// <summary>D.</summary>
    public int Dimensions { get; }

    /// <summary>K.</summary>
    public int Sweeps { get; }

    /// <summary>The degree of the polynomials.</summary>
    public int Degree { get; }

    /// <summary>β of the action that coefficients start from.</summary>
    public double Coupling { get; }

    /// <summary>β₀ of the Wilson action whose configurations the flow starts from; 0: Haar measure.</summary>
    public double StartCoupling { get; init; }

    /// <summary>The order in β of the terms, 1 or 2.</summary>
    public int Order { get; }

    /// <summary>Hidden channels of the network that adds to coefficients; null: there is none.</summary>
    public IReadOnlyList<int>? Hidden { get; init; }

    /// <summary>k of its convolutions.</summary>
    public int KernelSize { get; init; } = 1;

    /// <summary>Its activation.</summary>
    public int Activation { get; init; }

    /// <summary>The defect whose surroundings are moved, by plaquettes that have classes in the place of terms; null: all links are.</summary>
    public BoundaryDefect? Defect { get; }

    /// <summary>The margin of the box around the defect whose links are moved besides; −1: there is none.</summary>
    public int Margin { get; } = -1;

    /// <summary>The terms.</summary>
    public StapleTerms Terms { get; }

    /// <summary>Terms with parameters: all, but for the last class of plaquettes around a defect, which move nothing.</summary>
    public int FreeTerms => Defect is null ? Terms.Count : Terms.Count - 1;

    /// <summary>Parameters of the polynomials.</summary>
    public int Constants => FreeTerms * (Degree + 1);

    /// <summary>t of a sweep.</summary>
    public double Time(int sweep) => (sweep + 0.5) / Sweeps;

    /// <summary>The constant parts of the coefficients in a sweep.</summary>
    public void CoefficientsOf(int sweep, ReadOnlySpan<double> parameters, Span<double> coefficients) => Coefficients(1.0 / Sweeps, Time(sweep), parameters, coefficients);

    /// <summary>Those of a step of length <paramref name="step"/> of the time around <paramref name="time"/>: step · Σ_m p_{k,m} t^m.</summary>
    public void Coefficients(double step, double time, ReadOnlySpan<double> parameters, Span<double> coefficients)
    {
        if (coefficients.Length > FreeTerms) coefficients[FreeTerms..].Clear();
        for (int k = 0; k < FreeTerms; k++)
        {
            double power = step;
            coefficients[k] = 0;
            for (int m = 0; m <= Degree; m++, power *= time) coefficients[k] += power * parameters[(k * (Degree + 1)) + m];
        }
    }

    /// <summary>The gradient by the parameters from that by the coefficients of such a step; adds to it.</summary>
    public void AddGradient(double step, double time, ReadOnlySpan<double> ofCoefficients, Span<double> gradient)
    {
        for (int k = 0; k < FreeTerms; k++)
        {
            double power = step;
            for (int m = 0; m <= Degree; m++, power *= time) gradient[(k * (Degree + 1)) + m] += power * ofCoefficients[k];
        }
    }

    /// <summary>How much a unit of each coefficient can add to the Lipschitz constant of U → A: that of a term times the number of such terms of a link.</summary>
    public double[] Lipschitz()
    {
        var constants = new double[Terms.Count];
        double n = Group.Order;
        int staples = 2 * (Dimensions - 1), pairs = staples * (staples - 1) / 2, planar = Dimensions - 1;
        constants[StapleTerms.Plaquette] = staples;
        if (Defect is not null)
        {
            // A link across has the defect on all sides, one along it on one, one beside its edge on two where the gap to the other edge is one site wide; what moves nothing has the coefficient 0.
            (constants[DefectMask.Across], constants[DefectMask.Along], constants[DefectMask.Beside]) = (staples, 1, 2);
            if (Margin >= 0) constants[DefectMask.Bulk] = staples;
        }

        if (!Terms.HasPairs) return constants;
        if (Terms.Square >= 0) constants[Terms.Square] = 2 * staples;
        if (Terms.RealTrace >= 0) constants[Terms.RealTrace] = 1.25 * n * staples;
        if (Terms.ImaginaryTrace >= 0) constants[Terms.ImaginaryTrace] = 1.25 * n * staples;
        OfPairs(Terms.Planar, planar, 3 * staples);
        if (Terms.Chair >= 0) OfPairs(Terms.Chair, pairs - planar, 3 * staples * ((2 * Dimensions) - 4));
        return constants;

        void OfPairs(int first, int through, int beside)
        {
            constants[first + StapleTerms.Rectangle] = beside;
            constants[first + StapleTerms.Double] = beside;
            constants[first + StapleTerms.Cross] = 4 * through;
            if (!Terms.HasTraces) return;
            constants[first + StapleTerms.NeighbourReal] = n * beside;
            constants[first + StapleTerms.CrossReal] = 2.5 * n * through;
            if (!Terms.HasImaginary) return;
            constants[first + StapleTerms.NeighbourImaginary] = n * beside;
            constants[first + StapleTerms.CrossImaginary] = 2.5 * n * through;
        }
    }

    /// <summary>The parameters of the trivialising flow.</summary>
    public void Initialize(Span<double> parameters)
    {
        parameters.Clear();
        double change = Coupling - StartCoupling;
        if (Terms.HasPairs)
        {
            // Δβ (β₀ + t Δβ); without a polynomial the mean over the time.
            double[] constant = NextOrder(change * (StartCoupling + (Degree > 0 ? 0 : 0.5 * change))), linear = NextOrder(change * change);
            for (int k = 0; k < constant.Length; k++)
            {
                parameters[k * (Degree + 1)] = constant[k];
                if (Degree > 0) parameters[(k * (Degree + 1)) + 1] = linear[k];
            }
        }

        // Plaquettes of the defect, all classes alike: S^(1)/(4 C_F) is the first order along its coefficient.
        for (int k = 0; k < (Defect is null ? 1 : DefectMask.Bulk); k++) parameters[k * (Degree + 1)] += FirstOrder(change);
    }

    // S̃_0 = S/(4 C_F) for SU(N), S/4 for U(1), whose plaquettes have four links with Laplacian 1 each.
    private double FirstOrder(double coupling)
    {
        double n = Group.Order;
        return Group.Order == 1 ? coupling / 4 : coupling / (4 * ((n * n) - 1));
    }

    private double[] NextOrder(double square)
    {
        var next = new double[Terms.Count];
        if (Group.Order == 1)
        {
            next[Terms.Square] = -square / 16;
            foreach (int first in Classes())
            {
                next[first + StapleTerms.Rectangle] = square / 24;
                next[first + StapleTerms.Double] = -square / 40;
                next[first + StapleTerms.Cross] = -square / 40;
            }

            return next;
        }

        double n = Group.Order, casimir = ((n * n) - 1) / (2 * n), scale = square / (4 * casimir * n * n);
        double twice = n > 2 ? ((n * n) - 2) / n : 0, once = n > 2 ? 1 / (4 * ((twice * twice) - 1)) : 0;
        double square1 = once * (twice + (1 / n)), square2 = -once * ((twice / n) + 1), half = n > 2 ? 1 / (4 * n * n) : 1.0 / 8;
        double pair = (8 * casimir) - (1 / n), determinant = (pair * pair) - 1;
        double pair1 = ((pair / 2) + (1 / (2 * n))) / determinant, pair2 = -((pair / (2 * n)) + 0.5) / determinant;
        double apart = 1 / (2 * n * ((8 * casimir) + (1 / n))), rectangle = (apart - 0.5) / (6 * casimir);
        if (Terms.Square >= 0) next[Terms.Square] = -scale * square1;
        next[Terms.RealTrace] = -scale * (square2 + half);
        if (Terms.HasImaginary) next[Terms.ImaginaryTrace] = scale * (half - square2);
        foreach (int first in Classes())
        {
            next[first + StapleTerms.Rectangle] = -scale * rectangle / 2;
            next[first + StapleTerms.Double] = -scale * pair1 / 2;
            next[first + StapleTerms.Cross] = -scale * pair1 / 2;
            next[first + StapleTerms.NeighbourReal] = -scale * (pair2 + apart) / 2;
            next[first + StapleTerms.CrossReal] = -scale * (pair2 + apart) / 2;
            if (!Terms.HasImaginary) continue;
            next[first + StapleTerms.NeighbourImaginary] = scale * (apart - pair2) / 2;
            next[first + StapleTerms.CrossImaginary] = scale * (apart - pair2) / 2;
        }

        return next;
    }

    private IEnumerable<int> Classes() => Terms.Chair >= 0 ? [Terms.Planar, Terms.Chair] : [Terms.Planar];
}
