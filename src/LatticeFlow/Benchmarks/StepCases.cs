using LatticeFlow.Actions;
using LatticeFlow.Compute;
using LatticeFlow.Flows;
using LatticeFlow.Groups;
using LatticeFlow.Kernels.Networks;
using LatticeFlow.Lattice;
using LatticeFlow.Training;

namespace LatticeFlow.Benchmarks;

/// <summary>
/// Whole steps of the flow of the public tutorial (Albergo et al. 2021, arXiv:2101.08176): U(1) 8×8, 16 layers, hidden channels [8, 8], mixtures of two
/// Möbius maps, single precision; beside them what the tutorial itself takes under PyTorch 2.6 with oneDNN on two AMD Zen 5 cores.
/// </summary>
public static class StepCases
{
    /// <summary>Names, batches and milliseconds of the peer.</summary>
    public static IReadOnlyList<(string Name, int Batch, bool Training, double PeerMilliseconds)> All { get; } =
    [
        ("training step, batch 64", 64, true, 40.8),
        ("training step, batch 1024", 1024, true, 238),
        ("sampling, batch 64", 64, false, 9.7),
        ("sampling, batch 1024", 1024, false, 63),
    ];

    /// <summary>The tutorial's model with fresh parameters.</summary>
    public static FlowModel Model()
    {
        var layers = Enumerable.Range(0, 16).Select(i => new PlaquetteCoupling(i, CircleMap.Mobius, 2, [8, 8], 3, Activation.LeakyRelu, Rectangles: false));
        var model = new FlowModel([.. layers]);
        model.Initialize(1);
        return model;
    }

    /// <summary>Measures one.</summary>
    public static StepTime Measure(ComputeDevice device, (string Name, int Batch, bool Training, double PeerMilliseconds) step, Timing timing)
    {
        var model = Model();
        var lattice = new LatticeGeometry(8, 8);
        double seconds;
        if (step.Training)
        {
            using var engine = FlowEngine.CreateTraining(device, Precision.Single, model, new WilsonAction(lattice, 2), step.Batch);
            var options = new TrainingOptions { Seed = 1, LearningRate = new LearningRate(1e-3), Estimator = GradientEstimator.Plain };
            var trainer = new Trainer(model, engine, options);
            seconds = timing.Seconds(() => trainer.Step());
        }
        else
        {
            using var engine = FlowEngine.Create(device, Precision.Single, model, new(GaugeGroup.U1, lattice), step.Batch);
            var links = new double[step.Batch * engine.Numbers];
            var logDensity = new double[step.Batch];
            seconds = timing.Seconds(() => engine.Sample(1, 0, links, logDensity));
        }

        return new(step.Name, 1e3 * seconds, "PyTorch 2.6", step.PeerMilliseconds);
    }
}
