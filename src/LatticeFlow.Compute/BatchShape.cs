namespace LatticeFlow.Compute;

/// <summary>How a batch of replicas is cut: into tiles of as many replicas as there are lanes, and tiles into gradient slots.</summary>
/// <param name="Replicas">Replicas asked for; the last tile may hold idle lanes.</param>
/// <param name="Tiles">⌈replicas / lanes⌉.</param>
/// <param name="Slots">Gradient slots; tile t adds into slot t mod Slots, in increasing order of t.</param>
public readonly record struct BatchShape(int Replicas, int Tiles, int Slots);
