using System.Text.Json;
using LatticeFlow.Flows;
using LatticeFlow.Kernels.Networks;

namespace LatticeFlow.Tests;

/// <summary>The pre-trained models of the tutorial of Albergo et al. (arXiv:2101.08176), read into the library's own layers.</summary>
internal static class TutorialModel
{
    /// <summary>U(1), 8×8, β = 2.</summary>
    public static FlowModel U1() => Load("tutorial_u1_flow.json", index => new PlaquetteCoupling(index, CircleMap.Mobius, 2, [8, 8], 3, Activation.LeakyRelu, Rectangles: false, Ascending: true), new HaarPrior());

    /// <summary>φ⁴, 8×8, m² = −4, λ = 8.</summary>
    public static FlowModel Phi4() => Load("tutorial_phi4_flow.json", index => new AffineCoupling(index, 2, [8, 8], 3, Activation.LeakyRelu, HasShape: false, BoundsShift: true), new NormalPrior());

    private static FlowModel Load(string file, Func<int, IFlowLayer> layerOf, IFlowPrior prior)
    {
        using var document = JsonDocument.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Data", file)));
        var layers = document.RootElement.GetProperty("layers");
        var model = new FlowModel([.. Enumerable.Range(0, layers.GetArrayLength()).Select(layerOf)], prior);
        int next = 0;
        foreach (var layer in layers.EnumerateArray())
        {
            foreach (var convolution in layer.GetProperty("convolutions").EnumerateArray())
            {
                // The file's order is the library's: weight[out][in][di][dj], then bias[out].
                foreach (string part in new[] { "weight", "bias" })
                {
                    foreach (var number in convolution.GetProperty(part).EnumerateArray()) model.Parameters[next++] = number.GetDouble();
                }
            }
        }

        Assert.Equal(model.Parameters.Length, next);
        return model;
    }
}
