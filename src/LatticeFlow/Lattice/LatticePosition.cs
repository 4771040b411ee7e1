namespace LatticeFlow.Lattice;

/// <summary>A site of the lattice of a lane, as seen from a lane: the site's number there, and the row of lane shifts that leads to the lane it lies in.</summary>
public readonly record struct LatticePosition(int Site, int Shift);
