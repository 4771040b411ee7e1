using System.Reflection;
using NetArchTest.Rules;

namespace LatticeFlow.Tests;

/// <summary>Arrows point down: Cli → LatticeFlow → Compute → Kernels.</summary>
public class HouseTests
{
    private static readonly Assembly Library = Assembly.Load("LatticeFlow");

    [Theory]
    [InlineData("LatticeFlow.Kernels", "")]
    [InlineData("LatticeFlow.Compute", "LatticeFlow.Kernels")]
    [InlineData("LatticeFlow", "LatticeFlow.Kernels LatticeFlow.Compute")]
    public void A_room_knows_only_the_rooms_below(string room, string below)
    {
        var known = Assembly.Load(room).GetReferencedAssemblies().Select(name => name.Name!).Where(name => name.StartsWith("LatticeFlow", StringComparison.Ordinal));
        Assert.Empty(known.Except(below.Split(' ')));
    }

    [Fact]
    public void Nothing_but_storage_touches_HDF5() => Assert.Empty(Violators("PureHDF", "LatticeFlow.Storage"));

    [Fact]
    public void Nothing_in_the_library_says_ILGPU() => Assert.Empty(Violators("ILGPU", "nowhere"));

    [Fact]
    public void Nothing_in_the_library_touches_the_console() => Assert.Empty(Violators("System.Console", "nowhere"));

    [Fact]
    public void Training_and_sampling_do_not_know_each_other()
    {
        Assert.Empty(Dependents("LatticeFlow.Training", "LatticeFlow.Sampling"));
        Assert.Empty(Dependents("LatticeFlow.Sampling", "LatticeFlow.Training"));
    }

    // The rules can fail: storage does touch HDF5.
    [Fact]
    public void A_known_violator_is_found() => Assert.NotEmpty(Violators("PureHDF", "nowhere"));

    private static IEnumerable<string> Violators(string dependency, string allowed) => Names(
        Types.InAssembly(Library).That().DoNotResideInNamespace(allowed).ShouldNot().HaveDependencyOn(dependency).GetResult());

    private static IEnumerable<string> Dependents(string room, string dependency) => Names(
        Types.InAssembly(Library).That().ResideInNamespace(room).ShouldNot().HaveDependencyOn(dependency).GetResult());

    private static IEnumerable<string> Names(TestResult result) => result.FailingTypeNames ?? [];
}
