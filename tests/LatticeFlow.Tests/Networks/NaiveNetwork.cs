using LatticeFlow.Flows;
using LatticeFlow.Kernels.Networks;
using LatticeFlow.Lattice;

namespace LatticeFlow.Tests.Networks;

/// <summary>A stack of two convolutions and everything that follows by the chain rule, by loops over sites, taps and channels.</summary>
internal sealed class NaiveNetwork(ConvolutionNetwork network, LatticeGeometry lattice, double[] weights)
{
    private readonly double[,] hidden = new double[lattice.Volume, network.Hidden[0]];
    private readonly double[,] slope = new double[lattice.Volume, network.Hidden[0]];

    public double[,] Output { get; } = new double[lattice.Volume, network.OutputChannels];

    public double[,] InputCotangent { get; } = new double[lattice.Volume, network.InputChannels];

    /// <summary>Summed over all calls.</summary>
    public double[] Gradient { get; } = new double[network.Parameters];

    /// <summary>The sites whose input an output depends on.</summary>
    public HashSet<int> Reached { get; } = [];

    public void Run(ReadOnlySpan<double> input, int inputStride, int[] outputs, ReadOnlySpan<double> cotangent, int outputStride)
    {
        int[] middle = [.. outputs.SelectMany(x => Enumerable.Range(0, network.Taps).Select(t => Shift(x, t))).Distinct()];
        foreach (int x in middle)
        {
            for (int o = 0; o < network.Hidden[0]; o++)
            {
                double z = weights[network.BiasOffset(0) + o];
                for (int t = 0; t < network.Taps; t++)
                {
                    for (int i = 0; i < network.InputChannels; i++) z += W(0, o, i, t) * input[(Shift(x, t) * inputStride) + i];
                }

                (hidden[x, o], slope[x, o]) = Activate(z);
            }
        }

        Array.Clear(InputCotangent);
        var middleCotangent = new double[lattice.Volume, network.Hidden[0]];
        foreach (int x in outputs)
        {
            for (int o = 0; o < network.OutputChannels; o++)
            {
                double z = weights[network.BiasOffset(1) + o], g = cotangent[(x * outputStride) + o];
                Gradient[network.BiasOffset(1) + o] += g;
                for (int t = 0; t < network.Taps; t++)
                {
                    for (int i = 0; i < network.Hidden[0]; i++)
                    {
                        int y = Shift(x, t);
                        z += W(1, o, i, t) * hidden[y, i];
                        middleCotangent[y, i] += W(1, o, i, t) * g * slope[y, i];
                        Gradient[Index(1, o, i, t)] += g * hidden[y, i];
                    }
                }

                Output[x, o] = z;
            }
        }

        foreach (int x in middle)
        {
            for (int o = 0; o < network.Hidden[0]; o++)
            {
                double g = middleCotangent[x, o];
                Gradient[network.BiasOffset(0) + o] += g;
                for (int t = 0; t < network.Taps; t++)
                {
                    int y = Shift(x, t);
                    Reached.Add(y);
                    for (int i = 0; i < network.InputChannels; i++)
                    {
                        InputCotangent[y, i] += W(0, o, i, t) * g;
                        Gradient[Index(0, o, i, t)] += g * input[(y * inputStride) + i];
                    }
                }
            }
        }
    }

    private (double Value, double Slope) Activate(double z)
    {
        double sigmoid = 1 / (1 + Math.Exp(-z)), tanh = Math.Tanh(z);
        return network.Activation switch
        {
            Activation.LeakyRelu => z < 0 ? (0.01 * z, 0.01) : (z, 1),
            Activation.Silu => (z * sigmoid, sigmoid * (1 + (z * (1 - sigmoid)))),
            Activation.Tanh => (tanh, 1 - (tanh * tanh)),
            _ => (z, 1),
        };
    }

    private int Index(int d, int o, int i, int tap) => network.WeightOffset(d) + (((o * network.Inputs(d)) + i) * network.Taps) + tap;

    private double W(int d, int o, int i, int tap) => weights[Index(d, o, i, tap)];

    private int Shift(int site, int tap)
    {
        var (first, second) = (tap / network.KernelSize - (network.KernelSize / 2), tap % network.KernelSize - (network.KernelSize / 2));
        return lattice.Neighbour(lattice.Neighbour(site, 0, first), 1, second);
    }
}
