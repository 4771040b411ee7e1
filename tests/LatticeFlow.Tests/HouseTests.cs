using System.Reflection;
using NetArchTest.Rules;

namespace LatticeFlow.Tests;

public class HouseTests
{
    [Fact]
    public void The_library_does_not_know_its_command_line()
    {
        var library = Assembly.Load("LatticeFlow");
        Assert.True(Types.InAssembly(library).ShouldNot().HaveDependencyOn("LatticeFlow.Cli").GetResult().IsSuccessful);
    }
}
