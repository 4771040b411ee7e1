using LatticeFlow.Actions;
using LatticeFlow.Compute;
using LatticeFlow.Costs;
using LatticeFlow.Fields;
using LatticeFlow.Kernels.Lanes;
using LatticeFlow.Kernels.RandomNumbers;
using LatticeFlow.Lattice;

namespace LatticeFlow.Sampling;

/// <summary>What the lanes of a chain are used for.</summary>
public enum LaneUse
{
    /// <summary>Sub-lattices where replicas alone would leave lanes idle, see <see cref="LatticeLayout.Best"/>.</summary>
    Best,

    /// <summary>Replicas.</summary>
    Replicas,
}

/// <summary>
/// The configurations of all replicas of a Markov chain, their action, and the counter that keys the random numbers. Configurations live on the device and, when
/// asked for, on the host; each side is brought up to date when it is used.
/// </summary>
public sealed class MarkovState<T> : IDisposable
    where T : unmanaged, IReal64<T>
{
    private readonly double[] hostAction;
    private readonly SumField action;
    private readonly ReplicaSums actions;
    private readonly ConfigurationField<T> configurations;
    private readonly KernelProgram evaluate;
    private readonly ActionCoefficients<T> coefficients;
    private readonly ComponentSums<T> components;
    private readonly double[] flopsOfPass;
    private readonly IdleLanes<T>? idleLanes;
    private double[]? hostField;
    private bool hostCurrent;
    private bool deviceCurrent = true;
    private int proposalStreams;

    /// <summary>λ of S_λ = Σ_k λ_k S^(k), <c>[replica][component]</c>; 1 unless <see cref="WriteCoefficients"/> says otherwise. Of an action of one component: the factor on S of each replica.</summary>
    public ReadOnlySpan<double> Coefficients => coefficients.Values;

    /// <summary>A state of unit links, or of φ = 0; see <see cref="StartHot"/> and <see cref="Write"/>.</summary>
    public MarkovState(ComputeDevice device, IAction action, int replicas, ulong seed, LaneUse lanes = LaneUse.Best)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(replicas);
        Device = device;
        Action = action;
        Replicas = replicas;
        Seed = seed;
        Layout = action.IsTranslationInvariant && lanes == LaneUse.Best
            ? LatticeLayout.Best<T>(device, action.Lattice, replicas, action.LeastExtent)
            : LatticeLayout.OfReplicas<T>(device, action.Lattice, replicas);
        Stencil = new StencilTables(device, Layout);
        configurations = new ConfigurationField<T>(device, Layout, action.Field);
        this.action = device.NewSums<T>(Shape, 1);
        actions = new ReplicaSums(Layout, this.action);
        Key = device.NewTable(new int[StreamKey.Length]);
        coefficients = new ActionCoefficients<T>(device, Layout, action.Components);
        FieldSteps = action.Field.Bind<T>(device, Stencil);
        ActionSteps = action.Bind(device, Stencil, coefficients);
        components = new ComponentSums<T>(device, Layout, ActionSteps, configurations.Field);
        hostAction = new double[replicas];
        evaluate = new KernelProgram(Shape);
        ActionSteps.AddEvaluate(evaluate, configurations.Field, this.action);
        flopsOfPass = [.. Work.Kinds.Select(kind => NominalFlops.OfField(action.Field, kind) is var field && !double.IsNaN(field) ? field * action.Field.Elements(action.Lattice) : action.Flops(kind))];
        idleLanes = IdleLanes<T>.Of(device, Layout, configurations.Field, action, FieldSteps);
        Write(Cold());
    }

    /// <summary>The device that the kernels run on.</summary>
    public ComputeDevice Device { get; }

    /// <summary>How the replicas lie in lanes and tiles.</summary>
    public LatticeLayout Layout { get; }

    /// <summary>The tables of the layout.</summary>
    public StencilTables Stencil { get; }

    /// <summary>The batch as the device sees it.</summary>
    public BatchShape Shape => Layout.Shape;

    /// <summary>S.</summary>
    public IAction Action { get; }

    /// <summary>The kernels of S for these replicas.</summary>
    public IActionSteps<T> ActionSteps { get; }

    /// <summary>The kernels of the field for these replicas.</summary>
    public IFieldSteps<T> FieldSteps { get; }

    /// <summary>Independent chains.</summary>
    public int Replicas { get; }

    /// <summary>The seed of all random numbers.</summary>
    public ulong Seed { get; }

    /// <summary>Numbers of a replica: elements times their components.</summary>
    public int Numbers => configurations.Length;

    /// <summary>The configurations on the device, for programs run with <see cref="Run"/>.</summary>
    public Field<T> Field => configurations.Field;

    /// <summary>S of every replica on the device; a transition leaves it up to date.</summary>
    public SumField ActionField => action;

    /// <summary>The random key on the device: seed and transition counter.</summary>
    public IndexTable Key { get; }

    /// <summary>Elementary transitions made so far: the step of the random key.</summary>
    public long Transitions { get; private set; }

    /// <summary>Grows with every change of the configurations.</summary>
    public long Version { get; private set; }

    /// <summary>What the transitions of this state have done since it was made.</summary>
    public Work Work { get; } = new();

    /// <summary>
    /// Counts what a transition did with all replicas: so many passes over all elements of a configuration, or a fraction of one where it was some elements only. Each transition says so in its steps, with the flop of a pass where
    /// neither field nor action state them.
    /// </summary>
    public void Count(WorkKind kind, double passes = 1) => Count(kind, passes, flopsOfPass[(int)kind]);

    /// <summary>As above, with these operations of a pass over one configuration.</summary>
    public void Count(WorkKind kind, double passes, double flopsOfConfiguration) =>
        Work.Add(kind, passes * Replicas * Action.Field.Elements(Action.Lattice), passes * Replicas * flopsOfConfiguration);

    /// <summary>The kernels of another action, as of a part of S, for these replicas and with their coefficients.</summary>
    public IActionSteps<T> Bind(IAction part) => part.Bind(Device, Stencil, coefficients);

    /// <summary>The kernels of the loops that contain one of some links, for these replicas and with their coefficients; null where the action is not of plaquettes alone.</summary>
    internal IActionSteps<T>? BindAround(Func<int, bool> links) => (Action as LoopAction)?.BindAround(Device, Stencil, coefficients, links);

    /// <summary>The heat bath of S_λ for these replicas and with their coefficients; of some links only where they are chosen.</summary>
    /// <exception cref="NotSupportedException">The action has none, or not on these extents.</exception>
    public IHeatBathSteps<T> BindHeatBath(Func<int, bool>? links = null) => Action.BindHeatBath(Device, Stencil, coefficients, links);

    /// <summary>A new step of the random key, for one elementary transition.</summary>
    public StreamKey NextKey()
    {
        var key = KeyOf(Transitions++);
        Key.Write([(int)key.SeedLow, (int)key.SeedHigh, (int)key.StepLow, (int)key.StepHigh, (int)key.FirstReplica]);
        return key;
    }

    /// <summary>Continues to count transitions from those of another state, whose random numbers the next step takes.</summary>
    internal void CountFrom(long transitions) => Transitions = transitions;

    /// <summary>Whether S is not known, and computed when it is next asked for.</summary>
    internal bool ActionIsForgotten { get; private set; }

    /// <summary>Says that S in <see cref="ActionField"/> is not that of the configurations: it is computed when something asks for it, or runs a program that may.</summary>
    internal void ForgetAction() => ActionIsForgotten = true;

    /// <summary>Runs a program that changes the configurations and leaves their S in <see cref="ActionField"/>.</summary>
    public void Run(KernelProgram program)
    {
        RecallAction();
        RunWithoutAction(program);
    }

    /// <summary>Runs a program that changes the configurations and neither needs S nor leaves it: it is for the caller to say so, with <see cref="ForgetAction"/> or <see cref="Evaluate"/>, when the last one has run.</summary>
    internal void RunWithoutAction(KernelProgram program)
    {
        ToDevice();
        if (idleLanes is not null) Device.Run(idleLanes.Program);
        Device.Run(program);
        hostCurrent = false;
        Version++;
    }

    /// <summary>Computes S_λ of the configurations, where what changed them or their coefficients has not.</summary>
    internal void Evaluate()
    {
        ActionIsForgotten = false;
        Run(evaluate);
    }

    /// <summary>Runs a program that only reads the configurations.</summary>
    public void Measure(KernelProgram program)
    {
        RecallAction();
        ToDevice();
        Device.Run(program);
    }

    /// <summary>The configurations of all replicas, <c>[replica][element][component]</c>.</summary>
    public ReadOnlySpan<double> ReadField()
    {
        ToHost();
        return hostField!;
    }

    /// <summary>As <see cref="ReadField"/>, to where they are wanted; the state keeps no copy of its own on the host.</summary>
    public void CopyField(Span<double> target)
    {
        if (hostCurrent || !deviceCurrent) hostField!.CopyTo(target);
        else configurations.Read(target);
    }

    /// <summary>The configuration of one replica; where lanes are replicas, without reading the others.</summary>
    internal void CopyReplica(int replica, Span<double> target)
    {
        if (Layout.IsSplit) ToHost();
        if (hostCurrent || !deviceCurrent) hostField!.AsSpan(replica * Numbers, Numbers).CopyTo(target);
        else configurations.ReadReplica(replica, target);
    }

    /// <summary>S of all replicas.</summary>
    public ReadOnlySpan<double> ReadAction()
    {
        CopyAction(hostAction);
        return hostAction;
    }

    /// <summary>Replaces one replica.</summary>
    public void WriteReplica(int replica, ReadOnlySpan<double> newField, double newAction)
    {
        ToHost();
        newField.CopyTo(hostField!.AsSpan(replica * Numbers, Numbers));
        hostAction[replica] = newAction;
        deviceCurrent = false;
        Version++;
    }

    /// <summary>Replaces all replicas, <c>[replica][element][component]</c>, and computes their S.</summary>
    public void Write(ReadOnlySpan<double> newField)
    {
        configurations.Write(newField);
        deviceCurrent = true;
        Evaluate();
    }

    /// <summary>
    /// Independent elements, links from Haar measure and φ from a normal distribution of the width of the action, the same in every layout. With <paramref name="coldChains"/> above 0 every other group of so many replicas
    /// stays at unit links, or φ = 0.
    /// </summary>
    public void StartHot(int coldChains = 0)
    {
        var key = KeyOf(0);
        using var table = Device.NewTable([(int)key.SeedLow, (int)key.SeedHigh, 0, 0, 0]);
        if (!Layout.IsSplit || FieldSteps.StartsInAnyLayout) Start(FieldSteps, Field, Shape);
        else if (Device.IsGpu) StartWholeLattices<T>();
        else StartWholeLattices<Double1>();
        if (Action.Field == FieldType.Scalar)
        {
            var start = ReadField().ToArray();
            foreach (ref double phi in start.AsSpan()) phi *= Action.HotStartWidth;
            configurations.Write(start);
            hostCurrent = false;
        }

        if (coldChains > 0)
        {
            double[] cold = new FieldSpace(Action.Field, Action.Lattice).Start();
            for (int replica = 0; replica < Replicas; replica++)
            {
                if (replica / coldChains % 2 == 1) WriteReplica(replica, cold, 0);
            }
        }

        Run(evaluate);

        void Start<TLane>(IFieldSteps<TLane> steps, Field<TLane> target, BatchShape shape)
            where TLane : unmanaged, IReal64<TLane>
        {
            var program = new KernelProgram(shape);
            steps.AddHotStart(program, target, table, Purpose.Start);
            Device.Run(program);
            hostCurrent = false;
            deviceCurrent = true;
        }

        // Numbers that are counted by element: in lanes that each hold a whole lattice, on a CPU one lane wide, so that no lane is idle.
        void StartWholeLattices<TLane>()
            where TLane : unmanaged, IReal64<TLane>
        {
            using var stencil = new StencilTables(Device, LatticeLayout.OfReplicas<TLane>(Device, Action.Lattice, Replicas));
            using var steps = Action.Field.Bind<TLane>(Device, stencil);
            using var random = steps.NewField();
            Start(steps, random, stencil.Layout.Shape);
            var start = new double[Replicas * (long)Numbers];
            random.ReadReplicas(start);
            configurations.Write(start);
        }
    }

    /// <summary>Sets λ, <c>[replica][component]</c>, and computes what S_λ is with it.</summary>
    /// <exception cref="ArgumentException">Not one finite number a component and replica.</exception>
    public void WriteCoefficients(ReadOnlySpan<double> lambda)
    {
        coefficients.Write(lambda);
        Evaluate();
    }

    /// <summary>S^(k) of all replicas, <c>[replica][component]</c>, whatever their coefficients: what work and exchanges are made of, ΔS = Σ_k Δλ_k S^(k).</summary>
    public void CopyComponents(Span<double> target)
    {
        ToDevice();
        for (int k = 0; k < Action.Components; k++) components.Read(k, target, Action.Components);
    }

    /// <summary>As above, of those components alone that are chosen; the numbers of others stay as they are.</summary>
    internal void CopyComponents(Span<double> target, ReadOnlySpan<bool> chosen)
    {
        ToDevice();
        for (int k = 0; k < Action.Components; k++)
        {
            if (chosen[k]) components.Read(k, target, Action.Components);
        }
    }

    /// <summary>S^(component) of all replicas: as <see cref="CopyComponents(Span{double})"/>, at the cost of the loops of that component alone.</summary>
    public void CopyComponent(int component, Span<double> target)
    {
        ToDevice();
        components.Read(component, target);
    }

    /// <summary>S of all replicas, without the configurations.</summary>
    internal void CopyAction(Span<double> target)
    {
        RecallAction();
        if (hostCurrent || !deviceCurrent) hostAction.CopyTo(target);
        else actions.Read(target);
    }

    /// <summary>Sets λ of each replica where S_λ is known; where it is forgotten it stays so.</summary>
    internal void Exchange(ReadOnlySpan<double> lambda, ReadOnlySpan<double> newAction)
    {
        coefficients.Write(lambda);
        if (ActionIsForgotten) return;
        newAction.CopyTo(hostAction);
        if (deviceCurrent) actions.Write(hostAction);
        Version++;
    }

    /// <summary>Sets λ of each replica of a saved state, whose S_λ has it already.</summary>
    internal void RestoreCoefficients(ReadOnlySpan<double> lambda) => coefficients.Write(lambda);

    /// <summary>The seed for the proposals of one more proposal source, so that two sources in one chain never share random numbers.</summary>
    internal ulong NextProposalSeed() => Seed + (0x9E3779B97F4A7C15UL * (ulong)proposalStreams++);

    /// <summary>Continues from a saved state.</summary>
    internal void Restore(ReadOnlySpan<double> savedField, ReadOnlySpan<double> savedAction, long transitions, long version)
    {
        configurations.Write(savedField);
        actions.Write(savedAction);
        savedAction.CopyTo(hostAction);
        hostCurrent = false;
        deviceCurrent = true;
        ActionIsForgotten = false;
        Transitions = transitions;
        Version = version;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Stencil.Dispose();
        coefficients.Dispose();
        components.Dispose();
        FieldSteps.Dispose();
        configurations.Dispose();
        action.Dispose();
        Key.Dispose();
        ActionSteps.Dispose();
        idleLanes?.Dispose();
    }

    private double[] Cold()
    {
        var one = new FieldSpace(Action.Field, Action.Lattice).Start();
        if (Replicas == 1) return one;
        var all = new double[Replicas * (long)one.Length];
        for (int replica = 0; replica < Replicas; replica++) one.CopyTo(all, replica * one.Length);
        return all;
    }

    private StreamKey KeyOf(long step) => new((uint)Seed, (uint)(Seed >> 32), (uint)step, (uint)(step >> 32), 0);

    private void RecallAction()
    {
        if (!ActionIsForgotten) return;
        ActionIsForgotten = false;
        Device.Run(evaluate);
        hostCurrent = false;
        Count(WorkKind.Action);
    }

    private void ToHost()
    {
        RecallAction();
        if (hostCurrent || !deviceCurrent) return;
        configurations.Read(hostField ??= new double[Replicas * (long)Numbers]);
        actions.Read(hostAction);
        hostCurrent = true;
    }

    private void ToDevice()
    {
        if (deviceCurrent) return;
        configurations.Write(hostField!);
        actions.Write(hostAction);
        deviceCurrent = true;
    }
}
