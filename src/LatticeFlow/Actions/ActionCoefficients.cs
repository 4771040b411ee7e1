using LatticeFlow.Compute;
using LatticeFlow.Kernels.Lanes;
using LatticeFlow.Lattice;

namespace LatticeFlow.Actions;

/// <summary>
/// λ_k of every replica of an action of K components, S_λ = Σ_k λ_k S^(k), on a device. The kernels of all actions bound to them follow what <see cref="Write"/> says. An ordinary action has K = 1, and λ_0 is a
/// factor on S.
/// </summary>
public sealed class ActionCoefficients<T> : IDisposable
    where T : unmanaged, IReal<T>
{
    private readonly ComputeDevice device;
    private readonly LatticeLayout layout;
    private readonly double[] values;
    private readonly List<CouplingMixture<T>> mixtures = [];
    private readonly double[] factorOfAll;
    private double[] ofLanes = [];
    private Field<T>? ones;

    /// <summary>1 for every component of every replica: S itself.</summary>
    public ActionCoefficients(ComputeDevice device, LatticeLayout layout, int components = 1)
    {
        this.device = device;
        this.layout = layout;
        Components = components;
        values = new double[layout.Replicas * components];
        factorOfAll = new double[values.Length];
        Array.Fill(values, 1);
        Field = device.NewField<T>(layout.Shape, components);
        WriteField(Field, values);
    }

    /// <summary>K.</summary>
    public int Components { get; }

    /// <summary>λ, <c>[replica][component]</c>.</summary>
    public ReadOnlySpan<double> Values => values;

    /// <summary>λ for kernels: element k of every replica.</summary>
    public Field<T> Field { get; }

    /// <summary>The number 1 of every replica.</summary>
    public Field<T> Ones => ones ??= StrengthField.Ones<T>(device, layout);

    /// <summary>Sets λ, <c>[replica][component]</c>.</summary>
    /// <exception cref="ArgumentException">Not one number a component and replica, or one is not finite.</exception>
    public void Write(ReadOnlySpan<double> coefficients)
    {
        if (coefficients.Length != values.Length)
            throw new ArgumentException($"{coefficients.Length} coefficients for {layout.Replicas} replicas of {Components} components.", nameof(coefficients));
        foreach (double coefficient in coefficients)
        {
            if (!double.IsFinite(coefficient)) throw new ArgumentException($"coefficient = {coefficient}: a coefficient of an action is a finite number.", nameof(coefficients));
        }

        coefficients.CopyTo(values);
        WriteField(Field, values);
        foreach (var mixture in mixtures) mixture.Update();
    }

    /// <summary>The same factor on all components, one a replica: S_λ = factor · S.</summary>
    public void WriteFactors(ReadOnlySpan<double> factors)
    {
        for (int i = 0; i < factorOfAll.Length; i++) factorOfAll[i] = factors[i / Components];
        Write(factorOfAll);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Field.Dispose();
        ones?.Dispose();
    }

    /// <summary>Couplings that follow λ; disposing of them ends that.</summary>
    /// <param name="components">v^(k), the couplings of each component, all in one order.</param>
    internal CouplingMixture<T> Mix(IReadOnlyList<IReadOnlyList<double>> components)
    {
        var mixture = new CouplingMixture<T>(device, this, components, mixtures.Remove);
        if (Components > 1) mixtures.Add(mixture);
        return mixture;
    }

    /// <summary>A field of <paramref name="count"/> numbers a replica.</summary>
    internal Field<T> NewField(int count) => device.NewField<T>(layout.Shape, Math.Max(1, count));

    /// <summary>Writes <c>[replica][element]</c> to all lanes of each replica.</summary>
    internal void WriteField(Field<T> field, ReadOnlySpan<double> numbers)
    {
        int elements = field.Elements;
        if (layout.Lanes == 1)
        {
            field.WriteReplicas(numbers);
            return;
        }

        int count = numbers.Length * layout.Lanes;
        if (ofLanes.Length < count) ofLanes = new double[count];
        var lanes = ofLanes.AsSpan(0, count);
        for (int lane = 0; lane < lanes.Length / elements; lane++) numbers.Slice(lane / layout.Lanes * elements, elements).CopyTo(lanes[(lane * elements)..]);
        field.WriteReplicas(lanes);
    }

    /// <summary>Replicas that have coefficients.</summary>
    internal int Replicas => layout.Replicas;
}
