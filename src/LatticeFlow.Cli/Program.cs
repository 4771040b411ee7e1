using LatticeFlow.Cli.Commands;
using LatticeFlow.Cli.Services;

return CommandLine.Invoke(args, BuiltServices.Create(), Console.Out, Console.Error);
