using LatticeFlow.Kernels;
using LatticeFlow.PtxCheck;

// Writes every kernel as PTX (sm_80, sm_90) and OpenCL C into a folder, and a list of them; exits 1 where one does not compile or
// holds calls or local memory. The register counts are ptxas's business: scripts/check-ptx.sh.
if (args.Length != 1)
{
    Console.Error.WriteLine("usage: LatticeFlow.PtxCheck FOLDER");
    return 2;
}

Directory.CreateDirectory(args[0]);
using var code = new DeviceCode();
using var list = new StreamWriter(Path.Combine(args[0], "kernels.tsv"));
int number = 0, failed = 0;
foreach (var kernel in KernelTypes.Of(typeof(IKernel).Assembly))
{
    string name = KernelTypes.Name(kernel), file = $"{++number:D3}-{kernel.Name.Split('`')[0]}-{KernelTypes.Precision(kernel)}";
    list.WriteLine($"{file}\t{name}\t{KernelTypes.Precision(kernel)}");
    try
    {
        string ptx80 = code.Ptx80(kernel);
        File.WriteAllText(Path.Combine(args[0], file + ".sm_80.ptx"), ptx80);
        File.WriteAllText(Path.Combine(args[0], file + ".sm_90.ptx"), code.Ptx90(kernel));
        File.WriteAllText(Path.Combine(args[0], file + ".cl"), code.OpenCL(kernel));
        var faults = DeviceCode.Faults(ptx80);
        if (faults.Count == 0) continue;
        Console.Error.WriteLine($"{name}: {faults.Count} calls or uses of local memory, the first: {faults[0]}");
    }
    catch (Exception error)
    {
        Console.Error.WriteLine($"{name}: {error.Message} {error.InnerException?.Message}");
    }

    failed++;
}

Console.WriteLine($"{number} kernels compiled to PTX and OpenCL C, {failed} failed");
return failed == 0 ? 0 : 1;
