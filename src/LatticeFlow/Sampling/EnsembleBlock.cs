using LatticeFlow.Observables;

namespace LatticeFlow.Sampling;

/// <summary>Rows of an ensemble in host memory: draw after draw, and within a draw replica after replica. Columns of ensembles on disk.</summary>
public sealed class EnsembleBlock
{
    internal EnsembleBlock(int draws, int replicas, int numbers, IReadOnlyList<IFieldObservable> observables)
    {
        Draws = draws;
        Replicas = replicas;
        Rows = checked(draws * replicas);
        NumbersOfRow = numbers;
        Field = new double[(long)Rows * numbers];
        Action = new double[Rows];
        Accepted = new byte[Rows];
        LogQ = new double[Rows];
        LogWeight = new double[Rows];
        DeltaH = new double[Rows];
        Replica = new long[Rows];
        Step = new long[Rows];
        Observables = observables.ToDictionary(o => o.Name, o => new double[(long)Rows * o.Components()]);
    }

    /// <summary>Stored configurations of every replica.</summary>
    public int Draws { get; }

    /// <summary>Replicas.</summary>
    public int Replicas { get; }

    /// <summary>Draws · replicas.</summary>
    public int Rows { get; }

    /// <summary>Numbers of a row: elements times their components.</summary>
    public int NumbersOfRow { get; }

    /// <summary>Configurations, <c>[row][element][component]</c>: U(1) angles in (−π, π], SU(2) quaternions, SU(N) matrices, φ.</summary>
    public double[] Field { get; }

    /// <summary>S.</summary>
    public double[] Action { get; }

    /// <summary>1 where the last proposal was taken, else 0.</summary>
    public byte[] Accepted { get; }

    /// <summary>log q of the row; NaN without a flow.</summary>
    public double[] LogQ { get; }

    /// <summary>−S − log q of the row; NaN without a flow.</summary>
    public double[] LogWeight { get; }

    /// <summary>ΔH of the last trajectory; NaN without one.</summary>
    public double[] DeltaH { get; }

    /// <summary>Which chain.</summary>
    public long[] Replica { get; }

    /// <summary>Which step of it, counted from the start, thermalisation included.</summary>
    public long[] Step { get; }

    /// <summary>Observables by name, <c>[row][component]</c>.</summary>
    public IReadOnlyDictionary<string, double[]> Observables { get; }
}
