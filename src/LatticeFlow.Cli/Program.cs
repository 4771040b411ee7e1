using LatticeFlow.Cli.Commands;

return CommandLine.Invoke(args, new CommandServices(), Console.Out, Console.Error);
