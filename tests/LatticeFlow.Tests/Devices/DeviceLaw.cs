using LatticeFlow.Compute;
using LatticeFlow.Compute.Cpu;

namespace LatticeFlow.Tests.Devices;

/// <summary>A computation that every device must do alike. Its inputs must be numbers that a float holds exactly (those of <see cref="DeviceBench{T}"/> are).</summary>
public interface IDeviceLaw : ILaneUser<double[]>
{
    /// <summary>|x − reference| ≤ this · max(1, |reference|) in single precision. A few rounding errors of 6e-8 each.</summary>
    double SingleTolerance => 2e-6;

    /// <summary>The same in double precision. A few rounding errors of 1.1e-16 each.</summary>
    double DoubleTolerance => 4e-15;
}

/// <summary>The law of devices: each computes what scalar double computes, within rounding.</summary>
public static class DeviceLaw
{
    /// <summary>Runs the computation on the target and in scalar double, and compares number by number. Returns the largest |x − reference| / max(1, |reference|).</summary>
    public static double Agrees(string target, IDeviceLaw law)
    {
        var (device, precision) = (DeviceTarget.Named(target).Device, DeviceTarget.Named(target).Precision);
        return AgreesOn(device, precision, law);
    }

    /// <summary>The same on a device of one's own.</summary>
    public static double AgreesOn(ComputeDevice device, Precision precision, IDeviceLaw law)
    {
        double[] expected;
        using (var scalar = InstructionSet.Named("scalar").Create(1)) expected = scalar.Use(Precision.Double, law);
        double[] actual;
        lock (device) actual = device.Use(precision, law);
        double tolerance = precision == Precision.Single ? law.SingleTolerance : law.DoubleTolerance;
        Assert.NotEmpty(expected);
        Assert.Equal(expected.Length, actual.Length);
        double largest = 0;
        for (int i = 0; i < expected.Length; i++)
        {
            double error = Math.Abs(actual[i] - expected[i]) / Math.Max(1, Math.Abs(expected[i]));
            largest = Math.Max(largest, error);
            Assert.True(error <= tolerance, $"{device.Name}, {precision}: number {i} of {expected.Length} is {actual[i]:R}, in scalar double {expected[i]:R}; tolerance {tolerance:G2}.");
        }

        return largest;
    }
}
