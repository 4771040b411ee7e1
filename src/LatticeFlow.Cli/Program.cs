using LatticeFlow.Cli.Commands;
using LatticeFlow.Cli.Services;

return CommandLine.Invoke(args, new CommandServices { Bench = new BenchBody() }, Console.Out, Console.Error);
