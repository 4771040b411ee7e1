using LatticeFlow.Compute.Cpu;

namespace LatticeFlow.Tests.Devices;

public class WorkerPoolTests
{
    [Fact]
    public async Task Every_worker_works_once_in_every_run_whether_it_slept_or_not()
    {
        // More workers than most test machines have cores, so that some sleep while others already wait for the next run.
        const int Workers = 6, Runs = 400;
        var calls = new int[Workers];
        var test = Task.Run(() =>
        {
            using var pool = new WorkerPool(Workers, worker => calls[worker]++);
            for (int run = 0; run < Runs; run++)
            {
                if (run % 20 == 0) Thread.Sleep(2);
                pool.Run();
            }
        });

        // Times out where a worker is not woken, and the run never ends.
        await test.WaitAsync(TimeSpan.FromSeconds(30));
        Assert.All(calls, count => Assert.Equal(Runs, count));
    }

    [Fact]
    public void A_failing_worker_fails_the_run_and_the_next_one_works()
    {
        bool fail = true;
        using var pool = new WorkerPool(3, worker =>
        {
            if (fail && worker == 2) throw new ArithmeticException("on purpose");
        });
        Assert.Contains("on purpose", Assert.Throws<InvalidOperationException>(pool.Run).Message, StringComparison.Ordinal);
        fail = false;
        pool.Run();
    }
}
