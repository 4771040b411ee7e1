using LatticeFlow.Kernels;
using LatticeFlow.Kernels.Memory;

namespace LatticeFlow.Compute;

/// <summary>One launch in a <see cref="KernelProgram"/>: a kernel with its operands, and its item count.</summary>
public abstract class KernelStep
{
    private protected KernelStep(int items) => Items = items;

    /// <summary>Items a tile.</summary>
    public int Items { get; }

    /// <summary>Runs all items in one place, in order: the CPU's way.</summary>
    public void RunItems(in Place place) => RunItems(place, 0, Items);

    /// <summary>Runs items first … end − 1 in one place, in order.</summary>
    public abstract void RunItems(in Place place, int first, int end);

    /// <summary>Hands the kernel with its own type to a device that compiles kernels.</summary>
    public abstract void Accept(IKernelVisitor visitor);
}

/// <summary>A device that needs a kernel's static type.</summary>
public interface IKernelVisitor
{
    /// <summary>Receives the kernel of a step.</summary>
    void Visit<TKernel>(KernelStep step, TKernel kernel)
        where TKernel : struct, IKernel;
}

/// <inheritdoc/>
public sealed class KernelStep<TKernel> : KernelStep
    where TKernel : struct, IKernel
{
    private readonly TKernel kernel;

    internal KernelStep(TKernel kernel, int items)
        : base(items) => this.kernel = kernel;

    /// <inheritdoc/>
    public override void RunItems(in Place place, int first, int end)
    {
        var bound = kernel;
        bound.Bind(place);
        for (int item = first; item < end; item++) bound.Execute(item);
    }

    /// <inheritdoc/>
    public override void Accept(IKernelVisitor visitor) => visitor.Visit(this, kernel);
}
