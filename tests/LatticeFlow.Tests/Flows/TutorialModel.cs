using System.Text.Json;
using LatticeFlow.Flows;
using LatticeFlow.Kernels.Networks;

namespace LatticeFlow.Tests;

/// <summary>The pre-trained U(1) model of the tutorial of Albergo et al. (arXiv:2101.08176), read into the library's own layers.</summary>
internal static class TutorialModel
{
    public static FlowModel Load()
    {
        using var document = JsonDocument.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Data", "tutorial_u1_flow.json")));
        var layers = document.RootElement.GetProperty("layers");
        var model = new FlowModel([.. Enumerable.Range(0, layers.GetArrayLength()).Select(Layer)]);
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

    public static IFlowLayer Layer(int index) =>
        new PlaquetteCoupling(index, CircleMap.Mobius, 2, [8, 8], 3, Activation.LeakyRelu, Rectangles: false, Ascending: true);
}
