using LatticeFlow.Compute;
using LatticeFlow.Flows;
using LatticeFlow.Kernels.Fields;
using LatticeFlow.Kernels.Lanes;

namespace LatticeFlow.Tests.Networks;

/// <summary>Carries what a network keeps in scratch, which does not outlive a tile, to and from fields that have all tiles.</summary>
internal sealed class TileCopies<T> : IDisposable
    where T : unmanaged, IReal<T>
{
    private readonly CompiledNetwork<T> network;
    private readonly Field<T> output;
    private readonly Field<T> inputCotangent;
    private double[]? outputs;
    private double[]? inputCotangents;

    public TileCopies(ComputeDevice device, BatchShape shape, CompiledNetwork<T> network)
    {
        this.network = network;
        output = device.NewField<T>(shape, network.Output.Elements);
        OutputCotangent = device.NewField<T>(shape, network.OutputCotangent.Elements);
        inputCotangent = device.NewField<T>(shape, network.InputCotangent.Elements);
    }

    public Field<T> OutputCotangent { get; }

    /// <summary>Takes the output, gives the cotangent.</summary>
    public void AddCopies(KernelProgram program)
    {
        program.Add(new Copy<T> { Source = network.Output.View, Target = output.View }, output.Elements);
        program.Add(new Copy<T> { Source = OutputCotangent.View, Target = network.OutputCotangent.View }, OutputCotangent.Elements);
    }

    public void AddInputCotangent(KernelProgram program) =>
        program.Add(new Copy<T> { Source = network.InputCotangent.View, Target = inputCotangent.View }, inputCotangent.Elements);

    public ReadOnlySpan<double> ReadOutput(int replica) => Read(output, ref outputs, replica);

    public ReadOnlySpan<double> ReadInputCotangent(int replica) => Read(inputCotangent, ref inputCotangents, replica);

    public void Dispose()
    {
        output.Dispose();
        OutputCotangent.Dispose();
        inputCotangent.Dispose();
    }

    private static ReadOnlySpan<double> Read(Field<T> field, ref double[]? all, int replica)
    {
        if (all is null)
        {
            all = new double[field.Blocks * T.Width * field.Elements];
            field.ReadReplicas(all);
        }

        return all.AsSpan(replica * field.Elements, field.Elements);
    }
}
