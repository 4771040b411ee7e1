using LatticeFlow.Kernels.Networks;
using LatticeFlow.Lattice;

namespace LatticeFlow.Flows;

/// <summary>The site tables of one convolution, evaluated only where a mask needs its result.</summary>
public sealed class MaskedConvolution
{
    private readonly int[] sites;

    private MaskedConvolution(int[] outputs, int[] inputs, int[] sites, SiteGroups forward, SiteGroups backward)
    {
        Outputs = outputs;
        Inputs = inputs;
        this.sites = sites;
        Forward = forward;
        Backward = backward;
    }

    /// <summary>The sites whose output is needed.</summary>
    public int[] Outputs { get; }

    /// <summary>The sites whose input that takes.</summary>
    public int[] Inputs { get; }

    /// <summary>The sites as <see cref="ConvolutionWeightVjpOperands{T}.Sites"/> wants them.</summary>
    public int[] SiteTable(int inputStride, int outputStride)
    {
        int step = sites.Length / Outputs.Length;
        return [.. sites.Select((site, i) => site * (i % step == 0 ? outputStride : inputStride))];
    }

    /// <summary>The groups of the forward pass.</summary>
    public SiteGroups Forward { get; }

    /// <summary>The groups of the input-VJP.</summary>
    public SiteGroups Backward { get; }

    /// <summary>
    /// The tables of a convolution of a network.
    /// </summary>
    /// <param name="lattice">The lattice of the nodes.</param>
    /// <param name="network">Gives the taps.</param>
    /// <param name="outputs">Where the output is needed.</param>
    /// <param name="wantsGradient">Where dL/d(input) is needed, given that the input is read there.</param>
    public static MaskedConvolution Create(LatticeGeometry lattice, ConvolutionNetwork network, int[] outputs, Func<int, bool> wantsGradient)
    {
        int Shifted(int site, int tap, int sign) => network.Shifted(lattice, site, tap, sign);
        int[] taps = [.. Enumerable.Range(0, network.Taps)];
        var isOutput = new bool[lattice.Volume];
        foreach (int site in outputs) isOutput[site] = true;
        int[] inputs = [.. outputs.SelectMany(site => taps.Select(tap => Shifted(site, tap, 1))).Distinct().Order()];
        var forward = new SiteGroups();
        foreach (int site in outputs) forward.Add(site, taps, tap => Shifted(site, tap, 1));
        var backward = new SiteGroups();
        foreach (int site in inputs.Where(wantsGradient))
            backward.Add(site, [.. taps.Where(tap => isOutput[Shifted(site, tap, -1)])], tap => Shifted(site, tap, -1));
        int[] sites = [.. outputs.SelectMany(site => taps.Select(tap => Shifted(site, tap, 1)).Prepend(site))];
        return new(outputs, inputs, sites, forward, backward);
    }
}
