using LatticeFlow.Cli.Configuration;
using LatticeFlow.Compute;
using LatticeFlow.Compute.Gpu;
using LatticeFlow.Fields;
using LatticeFlow.Observables;
using LatticeFlow.Storage;

namespace LatticeFlow.Cli.Services.Verification;

/// <summary>Every stored observable that plain loops do not recompute, measured again on the CPU from the stored configurations.</summary>
public sealed class ObservableChecks : IDisposable
{
    // The same kernels in another order of replicas and, of other devices, with other elementary functions; smearing magnifies rounding by a few digits.
    private const double Tolerance = 1e-9;

    // Of links that were stored in single precision, magnified alike.
    private const double ToleranceSingle = 1e-3;

    // Numbers times steps of smearing: some ten configurations of SU(3) on 8^4 along a gradient flow of 200 steps.
    private const long MostWork = 1L << 29;
    private const int FewestRows = 4;
    private const int NumbersOfBatch = 4_000_000;
    private const int MostOfBatch = 64;

    private readonly VerifiedRun _run;
    private readonly bool _isSingle;
    private readonly ComputeDevice _device;
    private readonly IFieldObservable[] _observables;
    private readonly IConfigurationMeter _meter;
    private readonly OrderedDictionary<string, double> _worst = [];
    private readonly long _numbers;
    private readonly double _share;
    private double _due;
    private long _rows;

    /// <param name="run">The run.</param>
    /// <param name="names">The observables.</param>
    /// <param name="isSingle">Whether the configurations are stored in single precision.</param>
    /// <param name="planned">Configurations that will be taken in; of long smearings only some of them are measured.</param>
    public ObservableChecks(VerifiedRun run, IEnumerable<string> names, long planned, bool isSingle)
    {
        (_run, _isSingle) = (run, isSingle);
        _device = DeviceCatalog.Open("cpu", run.Configuration.Run.Threads);
        _observables = [.. names.Select(name => ObservableRegistry.Create(name, run.Lattice, run.Action.Field))];
        _numbers = run.Action.Field.Numbers(run.Lattice);
        _meter = ConfigurationMeter.Create(_device, run.Space, _observables, (int)Math.Clamp(NumbersOfBatch / _numbers, 1, MostOfBatch));
        var steps = _observables.Sum(observable => (long)observable.SmearingSteps.Max());
        var most = Math.Max(FewestRows, MostWork / (_numbers * (1 + steps)));
        _share = run.All || planned <= most ? 1 : most / (double)planned;
    }

    /// <summary>Takes in configurations with what is stored beside them.</summary>
    public void Add(EnsembleBlock block)
    {
        if (_observables.Length == 0) return;
        List<int> rows = [];
        for (var row = 0; row < block.Count; row++)
        {
            _due += _share;
            if (_due < 1) continue;
            _due -= 1;
            rows.Add(row);
        }
        if (rows.Count == 0) return;
        var taken = BlockRows.Take(block, [.. rows]);
        var configurations = _run.Action.Field.FromStored(taken.Field);
        for (var first = 0; first < taken.Count; first += _meter.Capacity)
        {
            var count = Math.Min(_meter.Capacity, taken.Count - first);
            _meter.Measure(configurations.AsSpan((int)(first * _numbers), (int)(count * _numbers)));
            foreach (var observable in _observables) Compare(observable, taken, first, count);
        }
        _rows += rows.Count;
    }

    private void Compare(IFieldObservable observable, EnsembleBlock block, int first, int count)
    {
        var components = observable.Components();
        if (!block.Observables.TryGetValue(observable.Name, out var column) || column.Components != components)
            throw new StorageException(_run.Path, $"observable {observable.Name} is not stored with {components} numbers a configuration", "Restore the ensemble from a copy");
        var measured = new double[count * components];
        _meter.Read(observable, measured);
        for (var i = 0; i < measured.Length; i++)
        {
            var difference = (measured[i] - column.Values[(first * components) + i]) / Math.Max(1, Math.Abs(measured[i]));
            _worst[observable.Name] = StoredChecks.Larger(_worst.GetValueOrDefault(observable.Name), difference);
        }
    }

    public void Report(string sample, Checklist list)
    {
        foreach (var (name, worst) in _worst) list.AtMost($"{sample}: stored {name}", $"largest difference from that of the stored configurations, {_rows} measured again", worst, _isSingle ? ToleranceSingle : Tolerance);
    }

    public void Dispose()
    {
        _meter.Dispose();
        _device.Dispose();
    }
}
