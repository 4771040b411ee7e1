namespace LatticeFlow;
