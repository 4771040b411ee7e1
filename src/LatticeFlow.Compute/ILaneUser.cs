using LatticeFlow.Kernels.Lanes;

namespace LatticeFlow.Compute;

/// <summary>Code that is generic over the lane types of a device: the device calls it back with its own.</summary>
public interface ILaneUser<TResult>
{
    /// <summary>Runs with the device's lane type of the wanted precision and its double lane type (random numbers, Markov chains).</summary>
    TResult Use<T, TDouble>(ComputeDevice device)
        where T : unmanaged, IReal<T>
        where TDouble : unmanaged, IReal64<TDouble>;
}
