using LatticeFlow.Cli.Commands;
using LatticeFlow.Cli.Output;
using LatticeFlow.Cli.Services;

var (output, error) = StandardStreams.Open();
return CommandLine.Invoke(args, BuiltServices.Create(), output, error);
