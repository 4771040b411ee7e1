using System.Globalization;
using LatticeFlow.Compute;

namespace LatticeFlow.Cli.Services;

/// <summary>
/// Joules that the processors of this machine have used since the counter was made, by the counters that Linux shows of their packages (running average power limit, <c>/sys/class/powercap/intel-rapl:N/energy_uj</c>, of Intel and AMD).
/// They count whoever uses the processors, and not memory, disks or accelerators.
/// </summary>
public sealed class EnergyCounter
{
    private const string Folder = "/sys/class/powercap";

    // A package of 300 W comes round after some ten minutes: reading costs microseconds.
    private static readonly TimeSpan _interval = TimeSpan.FromSeconds(1);
    private const double Micro = 1e-6;

    private readonly Package[] _packages;
    private readonly TimeProvider _time;
    private long _last;

    private EnergyCounter(Package[] packages, TimeProvider time)
    {
        (_packages, _time) = (packages, time);
        _last = time.GetTimestamp();
    }

    /// <summary>Joules up to now; not a number once a counter could not be read.</summary>
    public double Joules
    {
        get
        {
            Read();
            return _packages.Sum(package => package.Joules);
        }
    }

    /// <summary>Of what a device uses; null where the machine does not tell, or where the work is done by a GPU, whose energy is not in these counters.</summary>
    public static EnergyCounter? Of(ComputeDevice device) => device.IsGpu ? null : Of(Folder, TimeProvider.System);

    /// <summary>Of the packages in a folder; null where there is none that can be read.</summary>
    internal static EnergyCounter? Of(string folder, TimeProvider time)
    {
        try
        {
            if (!Directory.Exists(folder)) return null;
            // Parts of a package, as intel-rapl:0:1, are in it already.
            Package[] packages = [.. Directory.EnumerateDirectories(folder, "intel-rapl:*").Where(path => Path.GetFileName(path).Count(c => c == ':') == 1).Order(StringComparer.Ordinal).Select(path => new Package(path))];
            return packages.Length > 0 && packages.All(package => double.IsFinite(package.Joules)) ? new(packages, time) : null;
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Has to be called more often than counters come round; reads at most once a second.</summary>
    public void Update()
    {
        if (_time.GetElapsedTime(_last) >= _interval) Read();
    }

    private void Read()
    {
        foreach (var package in _packages) package.Read();
        _last = _time.GetTimestamp();
    }

    private sealed class Package
    {
        private readonly string _energy;
        private readonly double _range;
        private double _microjoules;

        public Package(string path)
        {
            _energy = Path.Join(path, "energy_uj");
            _range = Number(Path.Join(path, "max_energy_range_uj"));
            _microjoules = Number(_energy);
            Joules = 0 * _microjoules;
        }

        public double Joules { get; private set; }

        public void Read()
        {
            var now = Number(_energy);
            // It counts from 0 again after its largest value; it never goes back otherwise.
            var step = now >= _microjoules ? now - _microjoules : now - _microjoules + _range;
            Joules += step * Micro;
            _microjoules = now;
        }

        private static double Number(string file)
        {
            try
            {
                return double.TryParse(File.ReadAllText(file), NumberStyles.None | NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture, out var number) ? number : double.NaN;
            }
            catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
            {
                // Since 2020 many kernels let only root read it.
                return double.NaN;
            }
        }
    }
}
