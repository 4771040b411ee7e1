using System.Globalization;
using LatticeFlow.Tests.KillTarget;

// LatticeFlow.Tests.KillTarget FOLDER SEGMENTS writes segments until it is killed, and says "stored" after each.
// LatticeFlow.Tests.KillTarget deaf COMMAND… is a command of latticeflow that does not look at signals: DeafCommand.
if (args[0] == DeafCommand.Word) return DeafCommand.Run(args[1..]);
DeterministicChain.Run(args[0], int.Parse(args[1], CultureInfo.InvariantCulture), () => Console.WriteLine("stored"));
return 0;
