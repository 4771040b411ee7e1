using LatticeFlow.Compute;
using LatticeFlow.Compute.Cpu;
using LatticeFlow.Compute.Gpu;
using LatticeFlow.Kernels.Lanes;
using LatticeFlow.Kernels.Memory;

namespace LatticeFlow.Tests.Devices;

public class DeviceTests
{
    [EveryDevice]
    public void Arithmetic_tables_constants_and_sums_agree(string device) => DeviceLaw.Agrees(device, new AxpyLaw());

    [EveryDevice]
    public void Loops_selects_and_bits_agree(string device) => DeviceLaw.Agrees(device, new BitsLaw());

    [EveryDevice]
    public void Words_agree_to_the_bit_in_tiles_wider_than_the_double_lanes(string device) => DeviceLaw.Agrees(device, new WordsLaw());

    [EveryDevice]
    public void Scratch_is_private_and_slots_sum_all_replicas(string device) => DeviceLaw.Agrees(device, new ScopesLaw());

    [EveryDevice]
    public void Fields_come_back_as_they_were_written(string device) => DeviceLaw.Agrees(device, new RoundTripLaw());

    // Slow but always there: it runs the driver of GPUs, launches and memory included, on machines that have none. 192 threads are one
    // tile of six items, so that every tile becomes a launch of its own.
    [Theory]
    [InlineData(IlgpuLaunch.MostThreads)]
    [InlineData(192)]
    public void The_interpreter_of_ILGPU_obeys_the_laws_of_devices(int mostThreads)
    {
        using var device = IlgpuPlatform.OpenDebugger(mostThreads);
        foreach (var precision in Enum.GetValues<Precision>())
        {
            foreach (var law in new IDeviceLaw[] { new AxpyLaw(), new BitsLaw(), new WordsLaw(), new ScopesLaw(), new RoundTripLaw() }) DeviceLaw.AgreesOn(device, precision, law);
        }
    }

    [Theory]
    [InlineData(Precision.Single)]
    [InlineData(Precision.Double)]
    public void Sums_do_not_depend_on_the_number_of_threads(Precision precision)
    {
        foreach (var set in InstructionSet.All.Where(set => set.IsSupported))
        {
            using var one = set.Create(1);
            using var three = set.Create(3);
            Assert.Equal(one.Use(precision, new ScopesLaw()), three.Use(precision, new ScopesLaw()));
        }
    }

    [Fact]
    public void A_kernel_that_the_device_cannot_run_is_the_devices_failure()
    {
        using var device = IlgpuPlatform.OpenDebugger();
        using var bench = new DeviceBench<DeviceDouble>(device);
        var x = bench.Zero(1);
        var error = Assert.Throws<DeviceUnavailableException>(() => bench.Run(new HostOnlyKernel { X = x.View }, 1));
        Assert.Contains(device.Name, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_program_may_grow_between_two_runs()
    {
        using var device = IlgpuPlatform.OpenDebugger();
        using var bench = new DeviceBench<DeviceDouble>(device, 1);
        Field<DeviceDouble> x = bench.Random(1), scratch = bench.Zero(1, Scope.Scratch), slot = bench.Zero(1, Scope.Slot);
        var program = new KernelProgram(bench.Shape);
        program.Add(new ToScratchKernel<DeviceDouble> { X = x.View, Scratch = scratch.View }, 1);
        device.Run(program);
        program.Add(new ToSlotKernel<DeviceDouble> { Scratch = scratch.View, Slot = slot.View, Items = 1 }, 1);
        device.Run(program);
        var sum = new double[1];
        slot.SumLanes(sum);
        Assert.Equal(Lane.DeviceWidth * 2 * bench.Read(x)[0], sum[0], 1e-13);
    }

    [GpuFact]
    public void Auto_is_the_GPU()
    {
        using var device = DeviceCatalog.Open("auto");
        Assert.StartsWith("cuda:", device.Name, StringComparison.Ordinal);
        foreach (var precision in Enum.GetValues<Precision>()) DeviceLaw.AgreesOn(device, precision, new AxpyLaw());
    }

    private sealed class AxpyLaw : IDeviceLaw
    {
        public double[] Use<T, TDouble>(ComputeDevice device)
            where T : unmanaged, IReal<T>
            where TDouble : unmanaged, IReal64<TDouble>
        {
            using var bench = new DeviceBench<T>(device);
            Field<T> a = bench.Shared(1), x = bench.Random(4), y = bench.Random(3);
            var squares = bench.Sums(3);
            var next = bench.Table(3, 0, 2);
            bench.Run(new AxpyKernel<T> { A = a.View, X = x.View, Y = y.View, Squares = squares.View, Next = next.View }, 3);
            return [.. bench.Read(y), .. bench.Read(squares)];
        }
    }

    private sealed class BitsLaw : IDeviceLaw
    {
        // Newton's iteration stops on all lanes of a register together, so lanes may differ by one step: 1e-5 squared, and rounding.
        public double DoubleTolerance => 1e-10;

        public double[] Use<T, TDouble>(ComputeDevice device)
            where T : unmanaged, IReal<T>
            where TDouble : unmanaged, IReal64<TDouble>
        {
            using var bench = new DeviceBench<T>(device);
            Field<T> x = bench.Random(5, -40, 40), y = bench.Zero(5 * BitsKernel<T>.Outputs);
            bench.Run(new BitsKernel<T> { X = x.View, Y = y.View }, 5);
            return bench.Read(y);
        }
    }

    private sealed class WordsLaw : IDeviceLaw
    {
        // The words themselves are integers: only reading them in single precision rounds.
        public double DoubleTolerance => 0;

        public double[] Use<T, TDouble>(ComputeDevice device)
            where T : unmanaged, IReal<T>
            where TDouble : unmanaged, IReal64<TDouble>
        {
            using var bench = new DeviceBench<T>(device);
            var numbers = bench.Sums(3);
            var program = new KernelProgram(device.Shape<TDouble>(bench.Replicas));
            program.Add(new WordsKernel<TDouble> { Numbers = numbers.View }, 3);
            device.Run(program);
            var y = bench.Zero(3);
            bench.Run(new CopySumsKernel<T> { Numbers = numbers.View, Y = y.View }, 3);
            return bench.Read(y);
        }
    }

    private sealed class ScopesLaw : IDeviceLaw
    {
        // Fills the tiles of all lane types, because sums over lanes count idle ones too; more tiles than slots and threads on the CPU.
        private const int Replicas = 160;
        private const int Items = 6;

        // Up to 160 numbers below 2 are added in a row, each step with a rounding error of 6e-8 times a sum of order 20.
        public double SingleTolerance => 1e-4;

        public double DoubleTolerance => 1e-13;

        public double[] Use<T, TDouble>(ComputeDevice device)
            where T : unmanaged, IReal<T>
            where TDouble : unmanaged, IReal64<TDouble>
        {
            using var bench = new DeviceBench<T>(device, Replicas);
            Field<T> x = bench.Random(Items), scratch = bench.Zero(Items, Scope.Scratch), slot = bench.Zero(Items, Scope.Slot);
            var program = new KernelProgram(bench.Shape);
            program.Add(new ToScratchKernel<T> { X = x.View, Scratch = scratch.View }, Items);
            program.Add(new ToSlotKernel<T> { Scratch = scratch.View, Slot = slot.View, Items = Items }, Items);
            var sums = new double[Items];
            device.Run(program);
            device.Run(program);
            slot.SumLanes(sums);
            return sums;
        }
    }

    private sealed class RoundTripLaw : IDeviceLaw
    {
        public double SingleTolerance => 0;

        public double DoubleTolerance => 0;

        public double[] Use<T, TDouble>(ComputeDevice device)
            where T : unmanaged, IReal<T>
            where TDouble : unmanaged, IReal64<TDouble>
        {
            using var bench = new DeviceBench<T>(device);
            Field<T> x = bench.Random(7), zero = bench.Random(2);
            zero.Clear();
            var sums = bench.Sums(2);
            sums.WriteReplicas(bench.Read(bench.Random(2)));
            return [.. bench.Read(x), .. bench.Read(zero), .. bench.Read(sums)];
        }
    }
}
