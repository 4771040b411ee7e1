using LatticeFlow.Lattice;

namespace LatticeFlow.Flows;

/// <summary>
/// The short paths that close loops around a link U_μ(x), as steps (direction, ±1) from x + μ to x: plaquettes, planar 1×2 rectangles, and chairs (two plaquettes of different planes that share a
/// link, bent around it).
/// </summary>
public static class PathCatalogue
{
    /// <summary>The 2(D − 1) paths of three links: for each ν ≠ μ on the side of +ν, then of −ν.</summary>
    public static IReadOnlyList<(int Direction, int Sign)[]> Staples(int dimensions, int mu) =>
        [.. Others(dimensions, mu).SelectMany(nu => Signs.Select(sign => ((int, int)[])[(nu, sign), (mu, -1), (nu, -sign)]))];

    /// <summary>The 6(D − 1) paths of five links in a plane.</summary>
    public static IReadOnlyList<(int Direction, int Sign)[]> Rectangles(int dimensions, int mu) =>
        [.. Others(dimensions, mu).SelectMany(nu => Signs.SelectMany(sign => ((int, int)[][])
        [
            [(nu, sign), (nu, sign), (mu, -1), (nu, -sign), (nu, -sign)],
            [(mu, 1), (nu, sign), (mu, -1), (mu, -1), (nu, -sign)],
            [(nu, sign), (mu, -1), (mu, -1), (nu, -sign), (mu, 1)],
        ]))];

    private static int[] Signs => [1, -1];

    private static IEnumerable<int> Others(int dimensions, int mu) => Enumerable.Range(0, dimensions).Where(nu => nu != mu);
}
