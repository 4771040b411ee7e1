using LatticeFlow.Cli.Commands;

namespace LatticeFlow.Cli.Services;

public sealed class RepairCommand : ICommandBody<RunDirectoriesRequest>
{
    public int Execute(RunDirectoriesRequest request, CommandContext context) => throw new NotSupportedException();
}
