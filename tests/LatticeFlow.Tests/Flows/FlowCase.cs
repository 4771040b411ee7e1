using LatticeFlow.Compute.Cpu;
using LatticeFlow.Flows;
using LatticeFlow.Kernels.Networks;

namespace LatticeFlow.Tests;

/// <summary>The flows whose laws are tested: every circle map, several activations and kernel sizes, and odd channel numbers.</summary>
public static class FlowCase
{
    public static readonly IReadOnlyDictionary<string, Func<int, IFlowLayer>> Layers = new Dictionary<string, Func<int, IFlowLayer>>
    {
        ["mobius 1"] = i => new PlaquetteCoupling(i, CircleMap.Mobius, 1, [4], 3, Activation.Tanh, Rectangles: false),
        ["mobius 2"] = i => new PlaquetteCoupling(i, CircleMap.Mobius, 2, [8, 8], 3, Activation.Silu),
        ["mobius 3"] = i => new PlaquetteCoupling(i, CircleMap.Mobius, 3, [5, 6], 3, Activation.Tanh),
        ["mobius 5x5"] = i => new PlaquetteCoupling(i, CircleMap.Mobius, 2, [3], 5, Activation.Tanh),
        ["spline 4"] = i => new PlaquetteCoupling(i, CircleMap.Spline, 4, [6], 3, Activation.Silu),
        ["spline 5, plaquettes"] = i => new PlaquetteCoupling(i, CircleMap.Spline, 5, [4], 3, Activation.Silu, Rectangles: false),
    };

    public static IEnumerable<string> InstructionSets => InstructionSet.All.Where(set => set.IsSupported).Select(set => set.Name);

    public static TheoryData<string, string> Everywhere
    {
        get
        {
            var data = new TheoryData<string, string>();
            foreach (string set in InstructionSets)
            {
                foreach (string layer in Layers.Keys) data.Add(set, layer);
            }

            return data;
        }
    }

    /// <summary>A model of <paramref name="count"/> layers whose parameters are large enough to make it far from the identity.</summary>
    public static FlowModel Model(string layer, int count, ulong seed, double spread = 0.25)
    {
        var model = new FlowModel([.. Enumerable.Range(0, count).Select(Layers[layer])]);
        var random = new TestRandom(seed);
        for (int i = 0; i < model.Parameters.Length; i++) model.Parameters[i] = spread * ((2 * random.Uniform()) - 1);
        return model;
    }

    public static double[] Angles(int count, ulong seed)
    {
        var random = new TestRandom(seed);
        return [.. Enumerable.Range(0, count).Select(_ => Math.PI * ((2 * random.Uniform()) - 1))];
    }

    public static double Difference(double a, double b) => Math.IEEERemainder(a - b, 2 * Math.PI);
}
