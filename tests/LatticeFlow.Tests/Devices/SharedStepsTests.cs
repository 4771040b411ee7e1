using LatticeFlow.Compute;
using LatticeFlow.Compute.Cpu;
using LatticeFlow.Kernels;
using LatticeFlow.Kernels.Memory;

namespace LatticeFlow.Tests.Devices;

/// <summary>Fewer tiles than threads: every item of every step is worked once, after all of the step before, whoever comes late.</summary>
public class SharedStepsTests
{
    private const int Workers = 6;

    // One item, shares of one and of several items, and numbers that shares do not divide. Steps of 16 items are two shares that wait for each other, so that two workers at
    // least take part on a machine of any load.
    private const int Meeting = 16;
    private static readonly int[] ItemsOfSteps = [Meeting, 1, 7, 8, 9, 200, Meeting, 1, 63, 515];

    [Fact]
    public async Task Every_item_is_worked_once_and_after_the_step_before()
    {
        const int runs = 80;
        var test = Task.Run(() =>
        {
            using var device = InstructionSet.All.Single(set => set.Name == "scalar").Create(Workers);
            foreach (int tiles in new[] { 1, 2, 5 })
            {
                var (program, counts) = Program(tiles, ItemsOfSteps, new());
                for (int run = 1; run <= runs; run++)
                {
                    // Some workers sleep at the start, others still spin.
                    if (run % 50 == 0) Thread.Sleep(2);
                    device.Run(program);
                    foreach (int[] ofStep in counts) Assert.All(ofStep, count => Assert.Equal(run, count));
                }
            }
        });

        // Times out where a share is lost.
        await test.WaitAsync(TimeSpan.FromSeconds(60));
    }

    [Fact]
    public async Task A_failing_item_ends_the_run_for_all_workers_and_the_next_one_works()
    {
        var test = Task.Run(() =>
        {
            using var device = InstructionSet.All.Single(set => set.Name == "scalar").Create(Workers);
            var failure = new Failure();
            var (program, counts) = Program(2, ItemsOfSteps, failure);
            for (int run = 0; run < 40; run++)
            {
                failure.Step = run % ItemsOfSteps.Length;
                if (ItemsOfSteps[failure.Step] == Meeting) continue;
                Assert.Contains("on purpose", Assert.ThrowsAny<Exception>(() => device.Run(program)).Message, StringComparison.Ordinal);
                failure.Step = -1;
                Array.ForEach(counts, Array.Clear);
                device.Run(program);
                foreach (int[] ofStep in counts) Assert.All(ofStep, count => Assert.Equal(1, count));
                Array.ForEach(counts, Array.Clear);
            }
        });

        // Times out where the others wait for the step that has failed.
        await test.WaitAsync(TimeSpan.FromSeconds(60));
    }

    private static (KernelProgram Program, int[][] Counts) Program(int tiles, int[] items, Failure failure)
    {
        var program = new KernelProgram(new BatchShape(tiles, tiles, tiles));
        int[][] counts = [.. items.Select(count => new int[tiles * count])];
        for (int step = 0; step < items.Length; step++)
            program.Add(new CountItems { Counts = counts[step], Before = step > 0 ? counts[step - 1] : [], Items = items[step], Step = step, Failure = failure }, items[step]);
        return (program, counts);
    }

    private sealed class Failure
    {
        public volatile int Step = -1;
    }

    private struct CountItems : IKernel
    {
        public int[] Counts;
        public int[] Before;
        public int Items;
        public int Step;
        public Failure Failure;
        private int tile;

        public void Bind(in Place place)
        {
            tile = place.Tile;
            if (place.Scratch != place.Tile || place.Worker is < 0 or >= Workers) throw new InvalidOperationException("not where the item belongs");
        }

        public readonly void Execute(int item)
        {
            if (Failure.Step == Step && item == Items / 2) throw new ArithmeticException("on purpose");
            int now = Interlocked.Increment(ref Counts[(tile * Items) + item]);
            if (Items == Meeting && tile == 0 && item % (Meeting / 2) == 0)
            {
                var (counts, other) = (Counts, (Meeting / 2) - item);
                if (!SpinWait.SpinUntil(() => Volatile.Read(ref counts[other]) >= now, TimeSpan.FromSeconds(30))) throw new TimeoutException("no other worker came");
            }

            // No order of tiles within a step, but all of them after the step before.
            if (Before.Length > 0 && Before[((7 * item) + tile) % Before.Length] < now) throw new InvalidOperationException("the step before is not done");
        }
    }
}
