using LatticeFlow.Lattice;

namespace LatticeFlow.Actions;

/// <summary>What the boundary of an action of plaquettes is like: periodic, open in direction 0, or with a defect. Parameters of configurations, and the weights of plaquettes that follow from them.</summary>
/// <remarks>
/// Open: plaquettes that cross from x_0 = L_0 − 1 to 0 have the weight 0, those in planes without direction 0 on the slices 0 and L_0 − 1 the weight ½: M. Lüscher, S. Schaefer, JHEP 07 (2011) 036, with c_G = 1, as openQCD has them.
/// </remarks>
internal sealed record LatticeBoundary(bool IsOpen, BoundaryDefect? Defect, double DefectCoefficient)
{
    private const string OpenName = "boundary";
    private const string CoefficientName = "defect";
    private const string SizeName = "defect_size";
    private const string DirectionName = "defect_direction";

    // Weight of plaquettes of space on the two slices of an open boundary, ½ c_G.
    private const double BoundaryWeight = 0.5;

    /// <summary>Of the registry, in this order.</summary>
    public static IReadOnlyList<ActionParameter> Parameters { get; } =
    [
        new(OpenName, "the boundary of direction 0, time", 0) { Minimum = 0, Maximum = 1, Words = [("periodic", 0), ("open", 1)], IsRare = true },
        new(CoefficientName, "c, the factor on the plaquettes that contain a link of the defect: 0 open, 1 periodic", 1) { Minimum = 0, Maximum = 1, IsRare = true },
        new(SizeName, "L_d, extent of the defect in the other directions; 0: there is none", 0) { Minimum = 0, Maximum = 1 << 20, IsRare = true },
        new(DirectionName, "direction of the links of the defect, which cross its boundary", 0) { Minimum = 0, Maximum = 3, IsRare = true },
    ];

    /// <summary>Of the values of <see cref="Parameters"/>.</summary>
    public static LatticeBoundary Of(ReadOnlySpan<double> values) => new(values[0] == 1, values[2] >= 1 ? new((int)values[3], (int)values[2]) : null, values[1]);

    /// <summary>What is wrong with values on a lattice of these extents, which are empty where they are not known.</summary>
    public static (string Key, string Problem)? Rule(IReadOnlyDictionary<string, double> values, IReadOnlyList<int> extents)
    {
        double Value(string name) => values.TryGetValue(name, out double value) ? value : Parameters.First(parameter => parameter.Name == name).Default!.Value;
        if (Value(OpenName) is not (0 or 1)) return (OpenName, "must be \"periodic\" or \"open\"");
        foreach (string name in new[] { SizeName, DirectionName })
        {
            if (Value(name) != Math.Floor(Value(name))) return (name, "must be an integer");
        }

        if (Value(SizeName) == 0) return Value(CoefficientName) != 1 ? (CoefficientName, $"needs a defect: give its {SizeName}, or leave it out; it must be 1 without one") : null;
        if (extents.Count == 0) return null;
        if (Value(OpenName) == 1 && Value(DirectionName) == 0) return (DirectionName, "must be another than that of the open boundary, 0, which no coupling crosses");
        return new BoundaryDefect((int)Value(DirectionName), (int)Value(SizeName)).Problem(extents) is { } problem
            ? (Value(DirectionName) >= extents.Count ? DirectionName : SizeName, $"does not fit the extents: {problem}; it must not be")
            : null;
    }

    /// <summary>Whether all plaquettes of a plane have the same weight.</summary>
    public bool IsPeriodic => !IsOpen && Defect is null;

    /// <summary>Those of the parameters that are not as usual, as they are stored beside an ensemble.</summary>
    public IEnumerable<KeyValuePair<string, double>> Stored()
    {
        if (IsOpen) yield return new(OpenName, 1);
        if (Defect is null) yield break;
        yield return new(CoefficientName, DefectCoefficient);
        yield return new(SizeName, Defect.Size);
        yield return new(DirectionName, Defect.Direction);
    }

    /// <summary>Couplings of planes times the weight of each plaquette.</summary>
    /// <exception cref="ArgumentException">The lattice has no such defect, or an open boundary and an extent of 1.</exception>
    public LoopCouplings Couplings(LatticeGeometry lattice, double[] planes)
    {
        if (IsPeriodic) return LoopCouplings.OfPlanes(lattice, planes, PlaneCouplings.None(lattice));
        if (IsOpen && lattice.Extents[0] < 2) throw new ArgumentException($"an open boundary needs an extent of at least 2 in direction 0, not {lattice}.", nameof(lattice));
        Defect?.Check(lattice);
        var couplings = new double[lattice.Plaquettes];
        for (int p = 0; p < couplings.Length; p++)
        {
            int site = p / planes.Length, plane = p % planes.Length;
            couplings[p] = planes[plane] * Weight(lattice, site, plane);
        }

        return LoopCouplings.OfPlaquettes(lattice, couplings);
    }

    private double Weight(LatticeGeometry lattice, int site, int plane)
    {
        double weight = Defect?.HasPlaquette(lattice, site, plane) == true ? DefectCoefficient : 1;
        if (!IsOpen) return weight;
        int time = lattice.Coordinate(site, 0), last = lattice.Extents[0] - 1;
        if (lattice.Planes[plane].Mu == 0) return time == last ? 0 : weight;
        return time == 0 || time == last ? BoundaryWeight * weight : weight;
    }
}
