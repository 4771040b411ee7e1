using LatticeFlow.Compute;
using LatticeFlow.Kernels.Lanes;
using LatticeFlow.Kernels.RandomNumbers;

namespace LatticeFlow.Tests.Devices;

/// <summary>Random numbers of every kind, with key words and replica numbers that wrap around.</summary>
internal sealed class RandomNumberLaw : IDeviceLaw
{
    private const ulong Seed = 0xF1234567_E89ABCDE;
    private const long Step = 0x7F_8000_0001;
    private const uint FirstReplica = 0xFFFF_FFF0;

    // Random numbers are double in both precisions; one wrong bit of a word would be seen.
    public double SingleTolerance => DoubleTolerance;

    // √(−2 ln u) cos and sin of double lanes: 2 ulp a function, results up to 8.
    public double DoubleTolerance => 4e-15;

    public double[] Use<T, TDouble>(ComputeDevice device)
        where T : unmanaged, IReal<T>
        where TDouble : unmanaged, IReal64<TDouble>
    {
        var precision = T.IsDouble ? Precision.Double : Precision.Single;
        return
        [
            .. Enum.GetValues<RandomFill.Kind>().SelectMany(kind =>
                RandomFill.On(device, precision, kind, Seed, Step, Purpose.Probe, DeviceBench<T>.Uneven, elements: 5, FirstReplica)),
        ];
    }
}
