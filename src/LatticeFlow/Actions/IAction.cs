using LatticeFlow.Compute;
using LatticeFlow.Costs;
using LatticeFlow.Fields;
using LatticeFlow.Kernels.Lanes;
using LatticeFlow.Lattice;

namespace LatticeFlow.Actions;

/// <summary>
/// An action S of a field; configurations are weighted with exp(−S) with respect to normalised Haar measure of links, or to Π dφ(x) of a scalar. An action is a plain
/// description; <see cref="Bind{T}"/> makes its kernels ready for a device and a batch.
/// </summary>
public interface IAction
{
    /// <summary>The name of a configuration file, as <c>wilson</c>.</summary>
    string Name { get; }

    /// <summary>Couplings by name, as <c>beta</c>: what is stored beside an ensemble.</summary>
    IReadOnlyDictionary<string, double> Parameters { get; }

    /// <summary>The field that it is a function of.</summary>
    FieldType Field { get; }

    /// <summary>The lattice that the field lives on.</summary>
    LatticeGeometry Lattice { get; }

    /// <summary>Whether S is the same for a translated configuration: then lanes may be sub-lattices.</summary>
    bool IsTranslationInvariant { get; }

    /// <summary>Whether rounding in one lane depends on what other lanes hold, in the action or in its field.</summary>
    bool LanesDependOnEachOther => Field.LanesDependOnEachOther;

    /// <summary>S_i with S = Σ_i S_i, for molecular dynamics on several time scales; S alone unless an action says otherwise.</summary>
    IReadOnlyList<IAction> Parts => [this];

    /// <summary>K of S = Σ_k S^(k): terms that have a coefficient of their own in each replica, S_λ = Σ_k λ_k S^(k). 1 but for families of actions.</summary>
    int Components => 1;

    /// <summary>The least extent of a sub-lattice, where lanes are such: on smaller ones a link is in one loop of the action twice.</summary>
    int LeastExtent { get; }

    /// <summary>The standard deviation of φ(x) in a hot start of a scalar: about that of the action, as no step size is stable where the field is much larger. Links start uniform.</summary>
    double HotStartWidth => 1;

    /// <summary>
    /// Nominal floating-point operations (<see cref="NominalFlops"/>) of one pass over a configuration: forces on all elements, S, a heat-bath or an overrelaxation sweep. Not a number where they are not stated, or there is no such
    /// pass: costs then say so.
    /// </summary>
    double Flops(WorkKind kind) => double.NaN;

    /// <summary>The steps that compute S_λ = Σ_k λ_k S^(k) and its force for a batch of replicas.</summary>
    /// <param name="device">The device.</param>
    /// <param name="stencil">The layout, with lanes that are replicas unless <see cref="IsTranslationInvariant"/>.</param>
    /// <param name="coefficients">λ, K numbers a replica, usually 1: how replicas of one chain have different couplings.</param>
    IActionSteps<T> Bind<T>(ComputeDevice device, StencilTables stencil, ActionCoefficients<T> coefficients)
        where T : unmanaged, IReal<T>;

    /// <summary>The exact conditional draws of a heat bath for S_λ, or says why there are none. Arguments as of <see cref="Bind{T}"/>.</summary>
    /// <param name="device">The device.</param>
    /// <param name="stencil">The layout.</param>
    /// <param name="coefficients">λ.</param>
    /// <param name="links">The links that are updated, by their numbers in the lattice of a lane, which is the whole lattice where it is given; null: all.</param>
    /// <exception cref="NotSupportedException">The action has no heat bath, or not on these extents.</exception>
    IHeatBathSteps<T> BindHeatBath<T>(ComputeDevice device, StencilTables stencil, ActionCoefficients<T> coefficients, Func<int, bool>? links = null)
        where T : unmanaged, IReal64<T>;
}

/// <summary>The kernels of an action for one batch; holds its tables and scratch fields.</summary>
public interface IActionSteps<T> : IDisposable
    where T : unmanaged, IReal<T>
{
    /// <summary>Appends: action[element] = S_λ of every replica.</summary>
    void AddEvaluate(KernelProgram program, Field<T> field, SumField action, int element = 0);

    /// <summary>Appends: target[element] = S^(component) of every replica, whatever its coefficients.</summary>
    void AddEvaluateComponent(KernelProgram program, Field<T> field, int component, SumField target, int element = 0);

    /// <summary>
    /// Appends: target += scale[0] · coefficient · F, F_a = −∂_a S_λ, a field of tangents; scale is a shared field. U(1): ∂ is by the angle; a scalar: by φ.
    /// </summary>
    void AddForce(KernelProgram program, Field<T> field, Field<T> scale, double coefficient, Field<T> target);
}

/// <summary>The single-link updates of an action: link sets whose members do not interact are updated one set after the other.</summary>
public interface IHeatBathSteps<T> : IDisposable
    where T : unmanaged, IReal64<T>
{
    /// <summary>Sets of links, updated one after the other.</summary>
    int Colours { get; }

    /// <summary>Appends: every link of the set is drawn from its distribution given all others (SU(N): one after the other in its SU(2) subgroups); random numbers from the key.</summary>
    void AddDraw(KernelProgram program, int colour, Field<T> links, IndexTable key);

    /// <summary>Appends: every link of the set is reflected to another link of equal S.</summary>
    void AddReflect(KernelProgram program, int colour, Field<T> links);
}
