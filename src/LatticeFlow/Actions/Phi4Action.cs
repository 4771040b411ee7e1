using LatticeFlow.Compute;
using LatticeFlow.Costs;
using LatticeFlow.Fields;
using LatticeFlow.Kernels.Lanes;
using LatticeFlow.Lattice;

namespace LatticeFlow.Actions;

/// <summary>S = Σ_x [Σ_μ (φ(x+μ) − φ(x))² + m² φ(x)² + λ φ(x)⁴] of a real scalar in 2, 3 or 4 dimensions, on any extents: on an extent of 1 there is no hopping, on one of 2 both neighbours count.</summary>
/// <remarks>
/// There is no ½ in front of the hopping and the mass term: at λ = 0 the propagator is 1/(2 (p̂² + m²)), p̂² = Σ_μ 4 sin²(p_μ/2), and ψ = √2 φ has the action ½ (∂ψ)² + ½ m² ψ² + ¼ λ ψ⁴. Source: M. S. Albergo,
/// G. Kanwar, P. E. Shanahan, Phys. Rev. D 100 (2019) 034515; their tutorial with D. Boyda et al., arXiv:2101.08176.
/// </remarks>
public sealed class Phi4Action : IAction
{
    /// <summary>The name of configuration files.</summary>
    public const string Kind = "phi4";

    /// <summary>The name of m² among the parameters.</summary>
    public const string MassSquaredName = "mass_squared";

    /// <summary>The name of λ among the parameters.</summary>
    public const string LambdaName = "lambda";

    /// <summary>For the registry.</summary>
    public static ActionEntry Entry { get; } = new(
        Kind,
        "S = sum of (d phi)^2 + m^2 phi^2 + lambda phi^4 over all sites",
        [FieldType.Scalar],
        [
            new(MassSquaredName, "m^2; may be negative where lambda is not 0") { Example = -4 },
            new(LambdaName, "lambda; 0 is the free field") { Minimum = 0, Range = "between 0 and 1e9: below, exp(-S) has no integral", Example = 8 },
        ],
        (lattice, _, p) => new Phi4Action(lattice, p[0], p[1]))
    {
        Rule = values => values[LambdaName] == 0 && values[MassSquaredName] <= 0 ? (MassSquaredName, $"must be greater than 0 where {LambdaName} = 0, or exp(-S) has no integral") : null,
    };

    /// <summary>The action with these couplings; m² may be negative where λ is not 0.</summary>
    /// <exception cref="ArgumentException">A number is not finite, λ is negative, or λ is 0 and m² not positive: exp(−S) has no integral then.</exception>
    public Phi4Action(LatticeGeometry lattice, double massSquared, double lambda)
    {
        if (!double.IsFinite(massSquared)) throw new ArgumentException($"{MassSquaredName} = {massSquared}: it is a finite number.", nameof(massSquared));
        if (!(lambda >= 0) || !double.IsFinite(lambda)) throw new ArgumentException($"{LambdaName} = {lambda}: it is at least 0, or exp(-S) has no integral.", nameof(lambda));
        if (lambda == 0 && massSquared <= 0)
            throw new ArgumentException($"{MassSquaredName} = {massSquared}: at {LambdaName} = 0 it is positive, or exp(-S) has no integral.", nameof(massSquared));
        Lattice = lattice;
        MassSquared = massSquared;
        Lambda = lambda;
        Parameters = new Dictionary<string, double> { [MassSquaredName] = massSquared, [LambdaName] = lambda };

        // One site whose neighbours are 0 has the action aφ² + λφ⁴, and ⟨φ ∂S⟩ = 1 there: 2a⟨φ²⟩ + 4λ⟨φ⁴⟩ = 1, with ⟨φ⁴⟩ = 2⟨φ²⟩² between a normal distribution and two points.
        double a = massSquared + (2 * lattice.Extents.Count(extent => extent > 1));
        double root = Math.Sqrt((a * a) + (8 * lambda));
        HotStartWidth = Math.Sqrt(a > 0 ? 1 / (a + root) : (root - a) / (8 * lambda));
    }

    /// <inheritdoc/>
    public string Name => Kind;

    /// <inheritdoc/>
    public FieldType Field => FieldType.Scalar;

    /// <inheritdoc/>
    public LatticeGeometry Lattice { get; }

    /// <summary>m².</summary>
    public double MassSquared { get; }

    /// <summary>λ.</summary>
    public double Lambda { get; }

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, double> Parameters { get; }

    /// <inheritdoc/>
    public bool IsTranslationInvariant => true;

    /// <inheritdoc/>
    public double HotStartWidth { get; }

    /// <summary>1: a site may have itself in another lane as its neighbour.</summary>
    public int LeastExtent => 1;

    /// <summary>Force of a site: a difference a neighbour, the cubic and its scale; S: a difference and a square a direction, the quartic.</summary>
    public double Flops(WorkKind kind) => Lattice.Volume * kind switch
    {
        WorkKind.Force => (4 * Lattice.Dimensions) + 8,
        WorkKind.Action => (3 * Lattice.Dimensions) + 5,
        _ => double.NaN,
    };

    /// <inheritdoc/>
    public IActionSteps<T> Bind<T>(ComputeDevice device, StencilTables stencil, ActionCoefficients<T> coefficients)
        where T : unmanaged, IReal<T> => new Phi4Steps<T>(device, stencil, this, coefficients);

    /// <inheritdoc/>
    public IHeatBathSteps<T> BindHeatBath<T>(ComputeDevice device, StencilTables stencil, ActionCoefficients<T> coefficients, Func<int, bool>? links = null)
        where T : unmanaged, IReal64<T> => throw new NotSupportedException($"action '{Kind}' has no heat bath, which is built for links: use hmc, alone, in a mixture or on a ladder.");
}
