namespace LatticeFlow.Flows;

/// <summary>
/// The letters of which loops around a site are words: closed paths that begin and end there. In every plane the four plaquettes that have the site as a corner, counterclockwise, and the two plaquettes next to
/// the first of these in directions +μ and +ν, reached along the first link.
/// </summary>
/// <remarks>
/// Links turn letters from the left or from the right: U → e^{iX} U of a link gives P → e^{iX′} P where P = A U …, P → P e^{−iX′} where P = … U† A†, with X′ = A X A†. All letters that hold a link have the same A.
/// That is what makes the Laplacian by links one by letters: Lap = Σ_links Σ_a (Σ_letters L_a − R_a)².
/// </remarks>
public sealed class LoopLetters
{
    /// <summary>Letters of a plane.</summary>
    public const int OfPlane = 6;

    private readonly Dictionary<(string Base, int Mu), List<(int Letter, bool IsLeft, string Way)>> turns = [];

    /// <summary>The letters of a lattice of so many dimensions.</summary>
    public LoopLetters(int dimensions)
    {
        Dimensions = dimensions;
        List<int[]> paths = [];
        for (int mu = 0; mu < dimensions; mu++)
        {
            for (int nu = mu + 1; nu < dimensions; nu++)
            {
                int x = mu + 1, y = nu + 1;
                paths.AddRange([[x, y, -x, -y], [y, -x, -y, x], [-x, -y, x, y], [-y, x, y, -x], [x, x, y, -x, -y, -x], [y, x, y, -x, -y, -y]]);
            }
        }

        Paths = paths;
        for (int letter = 0; letter < paths.Count; letter++) AddTurns(letter);
        foreach (var list in turns.Values)
        {
            if (list.Any(turn => turn.Way != list[0].Way)) throw new InvalidOperationException("letters that hold a link must reach it along the same path.");
        }

        Edges = [.. paths.Select((_, letter) => turns.Where(pair => pair.Value.Count(turn => turn.Letter == letter) == 1).Select(pair => pair.Key).ToHashSet())];
    }

    /// <summary>D.</summary>
    public int Dimensions { get; }

    /// <summary>Steps of each letter: μ + 1, or −1 − μ backwards.</summary>
    public IReadOnlyList<int[]> Paths { get; }

    /// <summary>How each link turns letters.</summary>
    public IEnumerable<IReadOnlyList<(int Letter, bool IsLeft)>> Turns => turns.Values.Select(list => list.Select(turn => (turn.Letter, turn.IsLeft)).ToList());

    // The links of the plaquette: a stem is walked there and back.
    private IReadOnlyList<HashSet<(string Base, int Mu)>> Edges { get; }

    /// <summary>Whether the plaquettes of two letters share a link.</summary>
    public bool AreNeighbours(int a, int b) => Edges[a].Overlaps(Edges[b]);

    /// <summary>The site, relative to the letter's, and the direction of each step's link, and whether it is walked forwards.</summary>
    public IEnumerable<(int[] Base, int Mu, bool IsForward)> Links(int letter)
    {
        var at = new int[Dimensions];
        foreach (int step in Paths[letter])
        {
            int mu = Math.Abs(step) - 1;
            if (step < 0) at[mu]--;
            yield return ([.. at], mu, step > 0);
            if (step > 0) at[mu]++;
        }
    }

    private void AddTurns(int letter)
    {
        var path = Paths[letter];
        int k = 0;
        foreach (var (at, mu, isForward) in Links(letter))
        {
            // The way to the beginning of the link: the steps before it, or those after it backwards.
            int[] way = isForward ? path[..k] : [.. path[(k + 1)..].Reverse().Select(step => -step)];
            var key = (string.Join(',', at), mu);
            if (!turns.TryGetValue(key, out var list)) turns[key] = list = [];
            list.Add((letter, isForward, string.Join(',', way)));
            k++;
        }
    }
}
