using LatticeFlow.Observables;

namespace LatticeFlow.Sampling;

/// <summary>Rows of an ensemble in host memory: draw after draw, and within a draw replica after replica. Columns of ensembles on disk.</summary>
public sealed class EnsembleBlock
{
    /// <param name="draws">Configurations of every replica.</param>
    /// <param name="replicas">Replicas.</param>
    /// <param name="numbers">Numbers of a configuration.</param>
    /// <param name="observables">What is measured.</param>
    /// <param name="before">Draws of the chain before the first of the block.</param>
    /// <param name="every">The configurations of every so manieth draw of the chain are kept; 0: none.</param>
    internal EnsembleBlock(int draws, int replicas, int numbers, IReadOnlyList<IFieldObservable> observables, long before = 0, int every = 1)
    {
        (_before, _every) = (before, every);
        Draws = draws;
        Replicas = replicas;
        Rows = checked(draws * replicas);
        NumbersOfRow = numbers;
        Field = new double[(long)FieldRowsBefore(Rows) * numbers];
        Action = new double[Rows];
        Accepted = new byte[Rows];
        LogQ = new double[Rows];
        LogWeight = new double[Rows];
        ReverseWork = new double[Rows];
        DeltaH = new double[Rows];
        Replica = new long[Rows];
        Step = new long[Rows];
        Observables = observables.ToDictionary(o => o.Name, o => new double[(long)Rows * o.Components()]);
    }

    private readonly long _before;
    private readonly int _every;

    /// <summary>Stored configurations of every replica.</summary>
    public int Draws { get; }

    /// <summary>Whether every row has its configuration.</summary>
    public bool HasAllFields => _every == 1;

    /// <summary>Whether the rows of a draw have their configurations.</summary>
    public bool HasField(int draw) => _every > 0 && (_before + draw + 1) % _every == 0;

    /// <summary>How many of the first <paramref name="rows"/> rows have their configuration: where in <see cref="Field"/> that of the next one is.</summary>
    public int FieldRowsBefore(int rows)
    {
        if (_every == 0) return 0;
        int draws = rows / Replicas, rest = rows % Replicas;
        return ((int)(((_before + draws) / _every) - (_before / _every)) * Replicas) + (rest > 0 && HasField(draws) ? rest : 0);
    }

    /// <summary>Replicas.</summary>
    public int Replicas { get; }

    /// <summary>Draws · replicas.</summary>
    public int Rows { get; }

    /// <summary>Numbers of a row: elements times their components.</summary>
    public int NumbersOfRow { get; }

    /// <summary>Configurations of the rows that have them, <c>[row][element][component]</c>: U(1) angles in (−π, π], SU(2) quaternions, SU(N) matrices, φ.</summary>
    public double[] Field { get; }

    /// <summary>S.</summary>
    public double[] Action { get; }

    /// <summary>1 where the last proposal was taken, else 0.</summary>
    public byte[] Accepted { get; }

    /// <summary>log q of the row; NaN without a flow.</summary>
    public double[] LogQ { get; }

    /// <summary>−S − log q of the row; NaN without a flow.</summary>
    public double[] LogWeight { get; }

    /// <summary>Work of a trajectory run backwards; NaN without one.</summary>
    public double[] ReverseWork { get; }

    /// <summary>ΔH of the last trajectory; NaN without one.</summary>
    public double[] DeltaH { get; }

    /// <summary>Which chain.</summary>
    public long[] Replica { get; }

    /// <summary>Which step of it, counted from the start, thermalisation included.</summary>
    public long[] Step { get; }

    /// <summary>Observables by name, <c>[row][component]</c>.</summary>
    public IReadOnlyDictionary<string, double[]> Observables { get; }
}
