using System.Reflection;
using LatticeFlow.Kernels;

namespace LatticeFlow.Tests;

/// <summary>What must not stand in kernels, because a compiler of devices gets it wrong in silence.</summary>
public sealed class KernelCodeTests
{
    // ceq, cgt, cgt.un, clt, clt.un, each after 0xFE; conv.r4, conv.r8, conv.r.un.
    private static readonly byte[] Comparisons = [0x01, 0x02, 0x03, 0x04, 0x05];
    private static readonly byte[] Conversions = [0x6B, 0x6C, 0x76];

    /// <summary>x = condition ? 1 : 0 with a real x is, in IL, the conversion of a truth value, of which ILGPU 1.5 makes zero in OpenCL.</summary>
    [Fact]
    public void No_kernel_converts_a_truth_value_to_a_real_number()
    {
        string[] found = [.. typeof(IKernel).Assembly.GetTypes().SelectMany(Methods).Where(method => Converts(method.GetMethodBody()?.GetILAsByteArray() ?? [])).Select(method => $"{method.DeclaringType}.{method.Name}")];
        Assert.Empty(found);
    }

    [Fact]
    public void The_test_sees_such_a_conversion() => Assert.True(Converts(((Delegate)Number).Method.GetMethodBody()!.GetILAsByteArray()!));

    private static double Number(int row, int column) => row == column ? 1 : 0;

    private static IEnumerable<MethodBase> Methods(Type type)
    {
        const BindingFlags All = BindingFlags.DeclaredOnly | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static | BindingFlags.Instance;
        return [.. type.GetMethods(All), .. type.GetConstructors(All)];
    }

    private static bool Converts(byte[] code)
    {
        for (int i = 0; i + 2 < code.Length; i++)
        {
            if (code[i] == 0xFE && Comparisons.Contains(code[i + 1]) && Conversions.Contains(code[i + 2])) return true;
        }

        return false;
    }
}
