using LatticeFlow.Fields;
using LatticeFlow.Groups;

namespace LatticeFlow.Costs;

/// <summary>
/// Floating-point operations of an element, a fused multiply-add being two: what the mathematics asks for, not what a processor happens to do. Costs of samplers, the floors of the benchmarks and their figures are made of these.
/// </summary>
/// <remarks>
/// A product of N×N matrices is 8N³ − 2N² flop, of quaternions 28, of phases 1. A block of Philox4x32-10 is counted with 10 rounds of 2 multiplications, 4 exclusive ors and 2 additions; a normal number is half a block,
/// half a logarithm and half a sine with cosine. Sums over the lattice, decisions and copies are not counted.
/// </remarks>
public static class NominalFlops
{
    /// <summary>A block of random numbers.</summary>
    public const double Philox = 80;

    /// <summary>Sine and cosine of one argument.</summary>
    public const double SineCosine = 36;

    /// <summary>A sine or a cosine with what makes its argument.</summary>
    public const double Sine = 40;

    /// <summary>An arctangent of a quotient.</summary>
    public const double Arctangent = 40;

    /// <summary>An exponential.</summary>
    public const double Exponential = 30;

    /// <summary>A logarithm.</summary>
    public const double Logarithm = 35;

    /// <summary>A normal number.</summary>
    public const double NormalNumber = (Philox + Logarithm + SineCosine + 5) / 2;

    // Projection of a product on the algebra, with the multiplication by a coefficient.
    private const double Projection = 30;

    // Weighing, adding and the rest of a draw.
    private const double Draw = 30;

    /// <summary>A product of two elements of a group.</summary>
    public static double Product(GaugeGroup group) => group.Order switch
    {
        1 => 1,
        2 => 28,
        int n => (8.0 * n * n * n) - (2 * n * n),
    };

    /// <summary>Momenta and drifts of an element, for which no action is needed; not a number for other kinds.</summary>
    public static double OfField(FieldType field, WorkKind kind) => (kind, field) switch
    {
        (WorkKind.Momenta, _) => field.TangentComponents * NormalNumber,
        // The exponential is counted as two products, and the multiplication of the link.
        (WorkKind.Drift, GaugeGroup { Order: > 1 } group) => 3 * Product(group),
        (WorkKind.Drift, _) => 2,
        _ => double.NaN,
    };

    /// <summary>A link of an action of plaquettes, and of 1×2 rectangles where there are some, on D dimensions; not a number for kinds that no action has.</summary>
    public static double OfLoops(GaugeGroup group, int dimensions, bool plaquettes, bool rectangles, WorkKind kind)
    {
        // Two staples of three links a plane, six of five links; shares of a link in one plaquette and two rectangles a plane, two and four products to the trace of one.
        double others = dimensions - 1, staples = (plaquettes ? 2 * others : 0) + (rectangles ? 6 * others : 0), loops = others / 2 * ((plaquettes ? 1 : 0) + (rectangles ? 2 : 0));
        double product = Product(group), products = (plaquettes ? 4 * others : 0) + (rectangles ? 24 * others : 0);
        if (staples == 0) return 0;
        if (group == GaugeGroup.U1)
        {
            double angles = staples * (SineCosine + 6);
            return kind switch
            {
                // Plaquettes alone: one sine a plaquette, gathered.
                WorkKind.Force => rectangles ? angles + Projection : (loops * Sine) + (4 * others),
                WorkKind.Action => loops * Sine,
                WorkKind.HeatBath => angles + Philox + SineCosine + Exponential + (2 * Arctangent) + Draw,
                WorkKind.Overrelaxation => angles + Arctangent + 2,
                _ => double.NaN,
            };
        }

        int n = group.Order;
        double force = ((products + 1) * product) + ((staples - 1) * group.Components) + Projection;
        double subgroups = n * (n - 1) / 2.0, rotation = n == 2 ? Product(GaugeGroup.SU2) : 56.0 * n;
        return kind switch
        {
            WorkKind.Force => force,
            WorkKind.Action => loops == 0 ? 0 : others / 2 * ((plaquettes ? (2 * product) + group.Components : 0) + (rectangles ? 2 * ((4 * product) + group.Components) : 0)),
            WorkKind.HeatBath => force + (subgroups * (rotation + (2 * Philox) + (2 * Logarithm) + SineCosine + Product(GaugeGroup.SU2) + Draw)),
            WorkKind.Overrelaxation => force + (subgroups * (rotation + Product(GaugeGroup.SU2) + Draw)),
            _ => double.NaN,
        };
    }
}
