using LatticeFlow.Groups;

namespace LatticeFlow.Flows;

/// <summary>
/// A continuous flow in steps: dU/dt = −i Σ_a T_a ∂_a S̃_t(U) U, S̃_t = Σ_i c_i(t) W_i with the loops W_i of a <see cref="LoopPotential"/> and c_i(t) = Σ_s p_{i,s} B_s(t) in splines of the time, 0 ≤ t ≤ 1. All steps have the same parameters p,
/// <c>[term][spline]</c>.
/// </summary>
/// <remarks>
/// They start from the first two orders of the trivialising flow of the Wilson action of coupling β: S̃ = S̃_0 + t S̃_1, −Lap S̃_0 = S, −Lap S̃_1 + ∂S · ∂S̃_0 = const (M. Lüscher 2010, arXiv:0907.5491, section 4, for any N and dimension).
/// </remarks>
public sealed class ContinuousSchedule
{
    private ContinuousSchedule? halved;

    /// <summary>A schedule.</summary>
    /// <param name="group">The group.</param>
    /// <param name="dimensions">Dimensions of the lattice.</param>
    /// <param name="steps">Steps from t = 0 to 1.</param>
    /// <param name="plaquettes">The most plaquettes of a loop.</param>
    /// <param name="splines">The splines of the coefficients.</param>
    /// <param name="coupling">β of the Wilson action that coefficients start from.</param>
    /// <param name="method">The order of the method.</param>
    public ContinuousSchedule(GaugeGroup group, int dimensions, int steps, int plaquettes, TimeSplines splines, double coupling, int method)
    {
        Group = group;
        Dimensions = dimensions;
        Steps = steps;
        Splines = splines;
        Coupling = coupling;
        MethodOrder = method;
        Method = RungeKutta.OfOrder(method);
        Potential = LoopPotential.Of(group.Order, dimensions, plaquettes);
        Tables = new LoopTables(Potential);
    }

    /// <summary>The group.</summary>
    public GaugeGroup Group { get; }

    /// <summary>D.</summary>
    public int Dimensions { get; }

    /// <summary>Steps.</summary>
    public int Steps { get; }

    /// <summary>The loops.</summary>
    public LoopPotential Potential { get; }

    /// <summary>How they are found.</summary>
    public LoopTables Tables { get; }

    /// <summary>The splines of the coefficients.</summary>
    public TimeSplines Splines { get; }

    /// <summary>β of the action that coefficients start from.</summary>
    public double Coupling { get; }

    /// <summary>The order of <see cref="Method"/>.</summary>
    public int MethodOrder { get; }

    /// <summary>The method of the steps.</summary>
    public RungeKutta Method { get; }

    /// <summary>The same flow in twice as many steps.</summary>
    public ContinuousSchedule Halved => halved ??= new(Group, Dimensions, 2 * Steps, Potential.PlaquetteOrder, Splines, Coupling, MethodOrder);

    /// <summary>Parameters.</summary>
    public int Parameters => Potential.Terms * Splines.Count;

    /// <summary>t of a stage of a step.</summary>
    public double Time(int step, int stage) => (step + Method.Times[stage]) / Steps;

    /// <summary>c_i at a time.</summary>
    public double[] CoefficientsAt(double time, ReadOnlySpan<double> parameters)
    {
        double[] values = Splines.At(time), coefficients = new double[Potential.Terms];
        for (int i = 0; i < coefficients.Length; i++)
        {
            for (int s = 0; s < values.Length; s++) coefficients[i] += values[s] * parameters[(i * values.Length) + s];
        }

        return coefficients;
    }

    /// <summary>The parameters of the trivialising flow, of first order where there are plaquettes only.</summary>
    public void Initialize(Span<double> parameters)
    {
        parameters.Clear();
        var (constant, linear) = (new double[Potential.Terms], new double[Potential.Terms]);
        int n = Group.Order;
        Add(constant, n == 1 ? -Coupling / 4 : -Coupling / (2.0 * ((n * n) - 1)), [1]);
        if (Potential.PlaquetteOrder > 1)
        {
            AddSecondOrder(linear);
        }

        for (int i = 0; i < Potential.Terms; i++) Splines.OfLine(constant[i], linear[i]).CopyTo(parameters[(i * Splines.Count)..]);
    }

    // Letters 1 and 2 share a link of a plane, which one holds as it is, the other one daggered; 1 and 7 one of two planes, which both hold as it is.
    private void AddSecondOrder(double[] linear)
    {
        double n = Group.Order, square = Coupling * Coupling;
        (int W, int V)[] pairs = Dimensions > 2 ? [(2, -1), (1, 1 + LoopLetters.OfPlane)] : [(2, -1)];
        if (Group.Order == 1)
        {
            Add(linear, square / 32, [1, 1]);
            foreach (var (w, v) in pairs)
            {
                Add(linear, square / 40, [w, v]);
                Add(linear, -square / 24, [w, -v]);
            }

            return;
        }

        double casimir = ((n * n) - 1) / (2 * n), scale = square / (4 * casimir * n * n), twice = ((n * n) - 2) / n;
        double square1 = n > 2 ? (twice + (1 / n)) / (4 * ((twice * twice) - 1)) : 0, square2 = n > 2 ? -((twice / n) + 1) / (4 * ((twice * twice) - 1)) : 0, size = n > 2 ? 1 / (4 * n * n) : 1.0 / 8;
        double pair = (8 * casimir) - (1 / n), determinant = (pair * pair) - 1;
        double double1 = ((pair / 2) + (1 / (2 * n))) / determinant, double2 = -((pair / (2 * n)) + 0.5) / determinant;
        double apart = 1 / (2 * n * ((8 * casimir) + (1 / n))), rectangle = (apart - 0.5) / (6 * casimir);
        if (Group.Order == 2)
        {
            Add(linear, scale * size, [1], [1]);
        }
        else
        {
            // tr P² = (tr P)² − 2 tr P* of SU(3).
            if (Group.Order == 3) Add(linear, -2 * scale * square1, [1]);
            else Add(linear, scale * square1, [1, 1]);
            Add(linear, scale * (Group.Order == 3 ? square1 + square2 : square2), [1], [1]);
            Add(linear, scale * size, [1], [-1]);
        }

        foreach (var (w, v) in pairs)
        {
            if (Group.Order == 2)
            {
                // tr W V = tr W tr V − tr W V†.
                Add(linear, scale * (rectangle - double1), [w, -v]);
                Add(linear, scale * (double1 + double2 + apart), [w], [v]);
                continue;
            }

            Add(linear, scale * double1, [w, v]);
            Add(linear, scale * double2, [w], [v]);
            Add(linear, scale * apart, [w], [-v]);
            Add(linear, scale * rectangle, [w, -v]);
        }
    }

    private void Add(double[] coefficients, double value, params int[][] words)
    {
        int term = Potential.TermOfWords(words);
        if (term < 0) throw new InvalidOperationException("the potential lacks a loop of the trivialising flow.");
        coefficients[term] += value;
    }
}
