using LatticeFlow.Compute;
using LatticeFlow.Compute.Gpu;
using Xunit.Abstractions;
using Xunit.Sdk;

namespace LatticeFlow.Tests.Devices;

/// <summary>
/// A test that runs once for every device and precision, with the name of the pair as its one argument. Pairs that this machine
/// cannot run are skipped and counted. Given a precision, it runs in that one only. All carry the trait Category=Device.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
[XunitTestCaseDiscoverer("LatticeFlow.Tests.Devices.EveryDeviceDiscoverer", "LatticeFlow.Tests")]
[TraitDiscoverer("LatticeFlow.Tests.Devices.DeviceTraitDiscoverer", "LatticeFlow.Tests")]
public sealed class EveryDeviceAttribute : FactAttribute, ITraitAttribute
{
    public EveryDeviceAttribute() => Precisions = Enum.GetValues<Precision>();

    public EveryDeviceAttribute(Precision only) => Precisions = [only];

    /// <summary>What the test runs in.</summary>
    public Precision[] Precisions { get; }
}

/// <summary>A test that needs a real GPU (CUDA): skipped and counted where there is none.</summary>
[AttributeUsage(AttributeTargets.Method)]
[XunitTestCaseDiscoverer("Xunit.Sdk.FactDiscoverer", "xunit.execution.{Platform}")]
[TraitDiscoverer("LatticeFlow.Tests.Devices.DeviceTraitDiscoverer", "LatticeFlow.Tests")]
public sealed class GpuFactAttribute : FactAttribute, ITraitAttribute
{
    public GpuFactAttribute()
    {
        var entries = DeviceCatalog.List().Where(entry => entry.Kind == "cuda").ToList();
        if (!entries.Any(entry => entry.IsUsable)) Skip = entries.FirstOrDefault()?.WhyNot ?? "no CUDA device";
    }
}

/// <summary>Makes a case of every pair of device and precision, a skipped one where the machine cannot run it.</summary>
public sealed class EveryDeviceDiscoverer(IMessageSink diagnostics) : IXunitTestCaseDiscoverer
{
    public IEnumerable<IXunitTestCase> Discover(ITestFrameworkDiscoveryOptions options, ITestMethod method, IAttributeInfo attribute)
    {
        var precisions = attribute.GetNamedArgument<Precision[]>(nameof(EveryDeviceAttribute.Precisions));
        foreach (var target in DeviceTarget.All.Where(target => precisions.Contains(target.Precision)))
        {
            object[] arguments = [target.Name];
            var display = options.MethodDisplayOrDefault();
            yield return target.WhyNot.Length == 0
                ? new XunitTestCase(diagnostics, display, options.MethodDisplayOptionsOrDefault(), method, arguments)
                : new XunitSkippedDataRowTestCase(diagnostics, display, options.MethodDisplayOptionsOrDefault(), method, target.WhyNot, arguments);
        }
    }
}

/// <summary>Gives device tests their trait.</summary>
public sealed class DeviceTraitDiscoverer : ITraitDiscoverer
{
    public IEnumerable<KeyValuePair<string, string>> GetTraits(IAttributeInfo attribute) => [new("Category", "Device")];
}
