using LatticeFlow.Kernels.RandomNumbers;

namespace LatticeFlow.Compute.RandomNumbers;

/// <summary>A <see cref="StreamKey"/> on a device: written before a program runs, read by its random kernels.</summary>
public sealed class RandomKey : IDisposable
{
    private readonly int[] words = new int[StreamKey.Length];
    private readonly IndexTable table;

    /// <summary>The key of a seed, at step 0, for a batch whose first replica is <paramref name="firstReplica"/>.</summary>
    public RandomKey(ComputeDevice device, ulong seed, uint firstReplica = 0)
    {
        words[0] = (int)(uint)seed;
        words[1] = (int)(uint)(seed >> 32);
        words[4] = (int)firstReplica;
        table = device.NewTable(words);
    }

    /// <summary>The key as kernels see it.</summary>
    public Kernels.Memory.Table View => table.View;

    /// <summary>Makes the programs that run from now on draw the numbers of this step.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The step is negative or not below 2⁴⁰.</exception>
    public void SetStep(long step)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(step);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(step, StreamKey.StepLimit);
        words[2] = (int)(uint)step;
        words[3] = (int)(uint)(step >> 32);
        table.Write(words);
    }

    /// <inheritdoc/>
    public void Dispose() => table.Dispose();
}
