using System.Numerics;
using LatticeFlow.Storage;

namespace LatticeFlow.Training;

/// <summary>
/// Adam (Kingma and Ba 2014, arXiv:1412.6980, algorithm 1): m ← β₁m + (1−β₁)g, v ← β₂v + (1−β₂)g², φ ← φ − η m̂/(√v̂ + ε) with
/// m̂ = m/(1−β₁ᵗ), v̂ = v/(1−β₂ᵗ).
/// </summary>
public sealed class Adam : FirstOrder
{
    private readonly double beta1;
    private readonly double beta2;
    private readonly double epsilon;

    /// <summary>Fresh moments for <paramref name="parameters"/> numbers.</summary>
    public Adam(int parameters, double beta1 = 0.9, double beta2 = 0.999, double epsilon = 1e-8)
        : base(parameters)
    {
        this.beta1 = beta1;
        this.beta2 = beta2;
        this.epsilon = epsilon;
        First = new double[parameters];
        Second = new double[parameters];
    }

    /// <summary>m.</summary>
    public double[] First { get; }

    /// <summary>v.</summary>
    public double[] Second { get; }

    /// <summary>t, the updates made.</summary>
    public long Updates { get; set; }

    /// <inheritdoc/>
    public override void Save(StateSections sections)
    {
        base.Save(sections);
        sections.Set("adam_first", (double[])First.Clone()).Set("adam_second", (double[])Second.Clone()).Set("adam_updates", Updates);
    }

    /// <inheritdoc/>
    public override void Restore(StateSections sections)
    {
        base.Restore(sections);
        sections.GetDoubles("adam_first").CopyTo(First, 0);
        sections.GetDoubles("adam_second").CopyTo(Second, 0);
        Updates = sections.GetLong("adam_updates");
    }

    /// <inheritdoc/>
    public override void Update(Span<double> parameters, ReadOnlySpan<double> gradient, double learningRate, double loss)
    {
        Updates++;
        double rate = learningRate / (1 - Math.Pow(beta1, Updates));
        double scale = 1 / Math.Sqrt(1 - Math.Pow(beta2, Updates));
        int vectors = Vector.IsHardwareAccelerated ? parameters.Length / Vector<double>.Count * Vector<double>.Count : 0;
        for (int i = 0; i < vectors; i += Vector<double>.Count)
        {
            var g = new Vector<double>(gradient[i..]);
            var m = (beta1 * new Vector<double>(First, i)) + ((1 - beta1) * g);
            var v = (beta2 * new Vector<double>(Second, i)) + ((1 - beta2) * g * g);
            m.CopyTo(First, i);
            v.CopyTo(Second, i);
            var part = parameters[i..];
            (new Vector<double>(part) - (rate * m / ((scale * Vector.SquareRoot(v)) + new Vector<double>(epsilon)))).CopyTo(part);
        }

        for (int i = vectors; i < parameters.Length; i++)
        {
            double g = gradient[i];
            double m = First[i] = (beta1 * First[i]) + ((1 - beta1) * g);
            double v = Second[i] = (beta2 * Second[i]) + ((1 - beta2) * g * g);
            parameters[i] -= rate * m / ((scale * Math.Sqrt(v)) + epsilon);
        }
    }
}
