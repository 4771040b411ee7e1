using LatticeFlow.Kernels.Lanes;
using LatticeFlow.Kernels.Memory;

namespace LatticeFlow.Kernels.Couplings;

/// <summary>Writes the links of a pass as doubles. An item is a link.</summary>
public struct FinishFlow<T> : IKernel
    where T : unmanaged, IReal<T>
{
    private Sums angles;
    private Reals<T> links;

    /// <summary>The kernel; items = links.</summary>
    public FinishFlow(Sums angles, Reals<T> links)
    {
        this.angles = angles;
        this.links = links;
    }

    /// <inheritdoc/>
    public void Bind(in Place place)
    {
        angles = angles.At<T>(place);
        links = links.At(place);
    }

    /// <inheritdoc/>
    public void Execute(int item) => T.StoreTo(angles, item, T.Load(links, item));
}
