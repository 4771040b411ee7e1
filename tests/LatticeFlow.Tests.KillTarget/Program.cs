using System.Globalization;
using LatticeFlow.Tests.KillTarget;

// Writes segments until it is killed: LatticeFlow.Tests.KillTarget FOLDER SEGMENTS. Says "stored" after each segment.
DeterministicChain.Run(args[0], int.Parse(args[1], CultureInfo.InvariantCulture), () => Console.WriteLine("stored"));
