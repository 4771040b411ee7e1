using LatticeFlow.Compute;
using LatticeFlow.Compute.Cpu;
using LatticeFlow.Compute.RandomNumbers;
using LatticeFlow.Kernels;
using LatticeFlow.Kernels.Lanes;
using LatticeFlow.Kernels.Memory;
using LatticeFlow.Kernels.RandomNumbers;

namespace LatticeFlow.Tests;

public class PhiloxTests
{
    // Random123, examples/kat_vectors, philox4x32 10: counter, key, words.
    public static TheoryData<uint[], uint[], uint[]> KnownAnswers => new()
    {
        { [0, 0, 0, 0], [0, 0], [0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8] },
        { [0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff], [0xffffffff, 0xffffffff], [0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd] },
        { [0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344], [0xa4093822, 0x299f31d0], [0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1] },
    };

    [Theory]
    [MemberData(nameof(KnownAnswers))]
    public void Known_answers_on_every_lane_type(uint[] counter, uint[] key, uint[] words)
    {
        int sets = 0;
        foreach (var set in InstructionSet.All.Where(s => s.IsSupported))
        {
            using var device = set.Create(1);
            var lanes = device.Use(Precision.Double, new KnownAnswer(counter, key));
            for (int i = 0; i < lanes.Length; i++) Assert.Equal(words[i % 4], (uint)BitConverter.DoubleToUInt64Bits(lanes[i]));
            sets++;
        }

        Assert.True(sets >= 1);
    }

    [Fact]
    public void The_counter_holds_item_step_replica_purpose_and_attempt()
    {
        var key = new StreamKey(0x11111111, 0x22222222, 0x33333333, 0x44, 0);
        var block = key.Block(Double1.Word(0x55555555), 0x66666666, 0x77, 0x8899);
        var same = Philox<Double1>.Block(
            Double1.Word(0x66666666), Double1.Word(0x33333333), Double1.Word(0x55555555), Double1.Word(0x77889944), 0x11111111, 0x22222222);
        Assert.Equal(same, block);
    }

    [Fact]
    public void The_host_draws_what_a_kernel_fills()
    {
        const ulong seed = 0x123456789ABCDEF0;
        const long step = (3L << 32) + 7;
        const int elements = 6;
        const int replicas = 3;
        foreach (var set in InstructionSet.All.Where(s => s.IsSupported))
        {
            using var device = set.Create(1);
            var numbers = RandomFill.On(device, Precision.Double, RandomFill.Kind.Uniform, seed, step, Purpose.Probe, replicas, elements);
            for (uint replica = 0; replica < replicas; replica++)
            {
                var host = new HostRandom(seed, Purpose.Probe, step, replica);
                for (int e = 0; e < elements; e++) Assert.Equal(host.NextUniform(), numbers[(replica * elements) + e]);
            }
        }
    }

    [Fact]
    public void Out_of_range_purposes_and_steps_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new HostRandom(1, 256));
        Assert.Throws<ArgumentOutOfRangeException>(() => new HostRandom(1, 0, 1L << 40));
        using var device = InstructionSet.Named("scalar").Create(1);
        using var key = new RandomKey(device, 1);
        Assert.Throws<ArgumentOutOfRangeException>(() => key.SetStep(-1));
        Assert.Throws<ArgumentOutOfRangeException>(() => key.SetStep(1L << 40));
    }

    private struct BlockKernel<T> : IKernel
        where T : unmanaged, IReal64<T>
    {
        public Reals<T> Output;
        public Table Counter;

        public void Bind(in Place place) => Output = Output.At(place);

        public readonly void Execute(int item)
        {
            var block = Philox<T>.Block(Word(0), Word(1), Word(2), Word(3), (uint)T.Index(Counter, 4), (uint)T.Index(Counter, 5));
            T.Store(Output, 0, block.W0);
            T.Store(Output, 1, block.W1);
            T.Store(Output, 2, block.W2);
            T.Store(Output, 3, block.W3);
        }

        private readonly T Word(int i) => T.Word((uint)T.Index(Counter, i));
    }

    private sealed class KnownAnswer(uint[] counter, uint[] key) : ILaneUser<double[]>
    {
        public double[] Use<T, TDouble>(ComputeDevice device)
            where T : unmanaged, IReal<T>
            where TDouble : unmanaged, IReal64<TDouble>
        {
            var shape = device.Shape<TDouble>(TDouble.Width);
            using var output = device.NewField<TDouble>(shape, 4);
            using var table = device.NewTable([.. counter.Concat(key).Select(word => (int)word)]);
            var program = new KernelProgram(shape);
            program.Add(new BlockKernel<TDouble> { Output = output.View, Counter = table.View }, 1);
            device.Run(program);
            var lanes = new double[4 * TDouble.Width];
            output.ReadReplicas(lanes);
            return lanes;
        }
    }
}
