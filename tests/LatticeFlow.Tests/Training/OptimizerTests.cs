using LatticeFlow.Actions;
using LatticeFlow.Compute;
using LatticeFlow.Compute.Cpu;
using LatticeFlow.Exact;
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

    /// <summary>With exact gradients and short steps E does not move, whether momenta are scaled or not: V(V + Π²) after a step is what it was, up to η².</summary>
    [Fact]
    public void Energy_conserving_descent_conserves_its_energy()
    {
        double[] point = [1.3, -0.7, 0.4], stiffness = [1, 3, 10];
        var optimizer = new EnergyConservingDescent(3, 0.1, 0.2);
        double worst = 0, least = Loss();
        for (int step = 0; step < 20000; step++)
        {
            optimizer.Update(point, [.. point.Zip(stiffness, (x, k) => k * x)], 1e-4, Loss());
            double v = Loss() + 0.1, momentum = 0;
            foreach (double p in optimizer.Momentum) momentum += p * p;
            least = Math.Min(least, Loss());
            worst = Math.Max(worst, Math.Abs((v * (v + momentum) / (optimizer.Energy * optimizer.Energy)) - 1));
        }

        Assert.InRange(worst, 0, 1e-3);
        Assert.InRange(least, 0, 0.3);

        double Loss() => point.Zip(stiffness, (x, k) => 0.5 * k * x * x).Sum();
    }

    /// <summary>A valley with a bend (Rosenbrock): from (−1.2, 1) descent reaches a potential 10³ times smaller, and no friction has stopped it on its way.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(200)]
    public void Energy_conserving_descent_finds_the_valley(int bounceEvery)
    {
        double[] point = [-1.2, 1];
        var optimizer = new EnergyConservingDescent(2, 0, 0, bounceEvery, 5);
        double first = Loss(), least = first;
        for (int step = 0; step < 20000; step++)
        {
            double x = point[0], y = point[1], bend = y - (x * x);
            optimizer.Update(point, [(-400 * x * bend) - (2 * (1 - x)), 200 * bend], 2e-3, Loss());
            least = Math.Min(least, Loss());
        }

        Assert.InRange(least, 0, 1e-3 * first);

        double Loss() => (100 * Math.Pow(point[1] - (point[0] * point[0]), 2)) + Math.Pow(1 - point[0], 2);
    }

    [Fact]
    public void Energy_conserving_descent_trains_a_flow()
    {
        using var device = InstructionSet.Best().Create(2);
        var model = Staples(0);
        model.Initialize(1);
        using var engine = Engine(device, model, GradientKind.Sum);
        double logZ = new TwoDimensionalSUN(2, Beta, 4, 4).LogPartitionFunction;
        var trainer = new Trainer(model, engine, Options with { LearningRate = new LearningRate(0.02), Optimizer = (parameters, _) => new EnergyConservingDescent(parameters, logZ) });
        double first = trainer.Step().Loss + logZ, last = 0;
        for (int step = 0; step < 200; step++) last = trainer.Step().Loss + logZ;
        Assert.InRange(last, 0, first / 3);
    }

    [Theory]
    [InlineData("adam")]
    [InlineData("gauss-newton")]
    [InlineData("ecd")]
    public void A_training_goes_on_bit_for_bit_where_it_was_saved(string optimizer)
    {
        using var device = InstructionSet.Best().Create(1);
        var options = Options with { Average = 0.9, Optimizer = (parameters, replicas) => optimizer switch { "adam" => new Adam(parameters), "ecd" => new EnergyConservingDescent(parameters, 30, 1, 1), _ => new GaussNewton(parameters, replicas) } };
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
