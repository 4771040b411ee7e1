using LatticeFlow.Actions;
using LatticeFlow.Compute;
using LatticeFlow.Compute.Cpu;
using LatticeFlow.Flows;
using LatticeFlow.Lattice;

namespace LatticeFlow.Tests;

/// <summary>Going back through the inverse: what a batch needs does not depend on the number of layers.</summary>
public class FlowMemoryTests
{
    [Fact]
    public void Training_128_layers_takes_the_batch_memory_of_16()
    {
        Assert.Equal(BatchBytes(16), BatchBytes(128));
    }

    private static long BatchBytes(int layers)
    {
        using var device = InstructionSet.Best().Create(2);
        var model = new FlowModel([.. Enumerable.Range(0, layers).Select(i => FlowCase.All["mobius 2"].Layers[i % StripeMask.Cycle])]);
        using var engine = FlowEngine.CreateTraining(device, Precision.Single, model, new WilsonAction(new LatticeGeometry(8, 8), 2), 256);
        return engine.WorkingBytes;
    }
}
