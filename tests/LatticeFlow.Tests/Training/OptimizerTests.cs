using LatticeFlow.Actions;
using LatticeFlow.Compute;
using LatticeFlow.Compute.Cpu;
using LatticeFlow.Flows;
using LatticeFlow.Groups;
using LatticeFlow.Storage;
using LatticeFlow.Training;

namespace LatticeFlow.Tests.Training;

/// <summary>What optimizers do to a small flow.</summary>
public class OptimizerTests
{
    private const double Beta = 1.5;
    private const int Batch = 128;

    /// <summary>Staple couplings from the identity: a few steps have to find what the trivialising flow knows, and lose none of it. Variances of 128 samples have errors of 13 %; the factor is 3.</summary>
    [Fact]
    public void Gauss_Newton_takes_the_variance_of_the_log_weights_down_in_a_few_steps()
    {
        using var device = InstructionSet.Best().Create(2);
        var model = Staples(0);
        model.Initialize(1);
        using var engine = Engine(device, model, GradientKind.Samples);
        var trainer = new Trainer(model, engine, Options with { LearningRate = new LearningRate(1), Optimizer = (parameters, replicas) => new GaussNewton(parameters, replicas) });
        double first = trainer.Step().LogWeightVariance, last = 0;
        for (int step = 0; step < 4; step++) last = trainer.Step().LogWeightVariance;
        Assert.InRange(last, 0, first / 3);
    }

    /// <summary>The step that least squares take on the log-weights of a batch: with gradients that are exact and a function that is linear nothing would be left; the prediction is that of the normal equations.</summary>
    [Fact]
    public void The_normal_equations_are_solved()
    {
        const int Numbers = 7, Equations = 30;
        var random = new TestRandom(5);
        double[] solution = [.. Enumerable.Range(0, Numbers).Select(_ => random.Uniform() - 0.5)], found = new double[Numbers];
        var equations = new NormalEquations(Numbers);
        equations.Clear();
        for (int k = 0; k < Equations; k++)
        {
            double[] g = [.. Enumerable.Range(0, Numbers).Select(_ => random.Uniform() - 0.5)];
            equations.Add(g, g.Zip(solution, (a, b) => a * b).Sum());
        }

        equations.Solve(0, found);
        for (int i = 0; i < Numbers; i++) Assert.Equal(solution[i], found[i], 1e-11);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_training_goes_on_bit_for_bit_where_it_was_saved(bool gaussNewton)
    {
        using var device = InstructionSet.Best().Create(1);
        var options = Options with { Average = 0.9, Optimizer = (parameters, replicas) => gaussNewton ? new GaussNewton(parameters, replicas) : new Adam(parameters) };
        FlowModel whole = Staples(Beta), half = Staples(Beta), rest = Staples(Beta);
        whole.Initialize(1);
        half.Initialize(1);
        Train(device, whole, options, 4, null);
        var saved = Train(device, half, options, 2, null);
        Train(device, rest, options, 2, saved);
        Assert.Equal(whole.Parameters, rest.Parameters);
    }

    [Fact]
    public void The_average_is_the_mean_of_the_first_steps()
    {
        using var device = InstructionSet.Best().Create(1);
        FlowModel plain = Staples(Beta), averaged = Staples(Beta);
        plain.Initialize(1);
        averaged.Initialize(1);
        using var engine = Engine(device, plain, GradientKind.Sum);
        var trainer = new Trainer(plain, engine, Options);
        var mean = new double[plain.Parameters.Length];
        for (int step = 0; step < 3; step++)
        {
            trainer.Step();
            for (int i = 0; i < mean.Length; i++) mean[i] += plain.Parameters[i] / 3;
        }

        Train(device, averaged, Options with { Average = 0.999 }, 3, null);
        for (int i = 0; i < mean.Length; i++) Assert.Equal(mean[i], averaged.Parameters[i], 1e-14);
    }

    private static TrainingOptions Options => new() { Seed = 3, LearningRate = new LearningRate(0.01) };

    private static FlowModel Staples(double coupling) => new([.. StapleCoupling.Layers(new(GaugeGroup.SU2, 2, 1, 0, coupling))]);

    private static IFlowTrainingEngine Engine(ComputeDevice device, FlowModel model, GradientKind kind) =>
        FlowEngine.CreateTraining(device, Precision.Double, model, new WilsonAction(new(4, 4), GaugeGroup.SU2, Beta), Batch, kind);

    private static StateSections Train(ComputeDevice device, FlowModel model, TrainingOptions options, int steps, StateSections? saved)
    {
        using var engine = Engine(device, model, options.Optimizer(1, 1).Gradients);
        var trainer = new Trainer(model, engine, options);
        if (saved is not null) trainer.Restore(saved);
        for (int step = 0; step < steps; step++) trainer.Step();
        var sections = new StateSections();
        trainer.Save(sections);
        return sections;
    }
}
