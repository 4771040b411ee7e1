namespace LatticeFlow.Flows;

/// <summary>
/// The letters of which loops around a site are words: closed paths that begin and end there. In every plane the four plaquettes that have the site as a corner, counterclockwise, and the two plaquettes next to
/// the first of these in directions +μ and +ν, reached along the first link.
/// </summary>
/// <remarks>
/// Links turn letters from the left or from the right: U → e^{iX} U of a link makes P = A U B to e^{iX′} P with X′ = A X A†, and to P e^{iX″} with X″ = (U B)† X U B; P = A U† B has the opposite sign. For every link there is one way from the
/// site to its beginning that every letter with the link takes from its front or from its end: then X′ is the same for all. That is what makes the Laplacian by links one by letters: Lap = Σ_links Σ_a (Σ_letters ± L_a ± R_a)².
/// </remarks>
public sealed class LoopLetters
{
    /// <summary>Letters of a plane.</summary>
    public const int OfPlane = 6;

    private readonly Dictionary<(string Base, int Mu), List<Passage>> passages = [];

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
        for (int letter = 0; letter < paths.Count; letter++) AddPassages(letter);
        Turns = [.. passages.Values.Select(TurnsOf)];
        Edges = [.. paths.Select((_, letter) => passages.Where(pair => pair.Value.Count(passage => passage.Letter == letter) == 1).Select(pair => pair.Key).ToHashSet())];
    }

    /// <summary>D.</summary>
    public int Dimensions { get; }

    /// <summary>Steps of each letter: μ + 1, or −1 − μ backwards.</summary>
    public IReadOnlyList<int[]> Paths { get; }

    /// <summary>How each link turns letters: P → e^{± i s T} P, or P → P e^{± i s T}.</summary>
    public IReadOnlyList<IReadOnlyList<(int Letter, bool IsLeft, int Sign)>> Turns { get; }

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

    private void AddPassages(int letter)
    {
        var path = Paths[letter];
        int k = 0;
        foreach (var (at, mu, isForward) in Links(letter))
        {
            // The two ways to the beginning of the link.
            int[] fromFront = path[..(isForward ? k : k + 1)], fromEnd = [.. path[(isForward ? k : k + 1)..].Reverse().Select(step => -step)];
            var key = (string.Join(',', at), mu);
            if (!passages.TryGetValue(key, out var list)) passages[key] = list = [];
            list.Add(new(letter, string.Join(',', fromFront), string.Join(',', fromEnd), isForward ? 1 : -1));
            k++;
        }
    }

    private static List<(int Letter, bool IsLeft, int Sign)> TurnsOf(List<Passage> passages)
    {
        string way = passages.SelectMany(passage => new[] { passage.FromFront, passage.FromEnd }).OrderBy(text => text.Length)
            .FirstOrDefault(text => passages.All(passage => passage.FromFront == text || passage.FromEnd == text))
            ?? throw new InvalidOperationException("letters that hold a link must reach it along the same way.");
        return [.. passages.Select(passage => (passage.Letter, passage.FromFront == way, passage.Sign))];
    }

    private sealed record Passage(int Letter, string FromFront, string FromEnd, int Sign);
}
