Console.Error.WriteLine("latticeflow: no command yet"); return 2;
