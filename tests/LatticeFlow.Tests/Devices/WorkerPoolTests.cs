using LatticeFlow.Compute.Cpu;

namespace LatticeFlow.Tests.Devices;

public class WorkerPoolTests
{
    [Fact]
    public async Task Every_share_is_worked_once_in_every_run_whether_workers_slept_or_not()
    {
        // More workers than most test machines have cores, so that some sleep while others already wait for the next run.
        const int Workers = 6, Runs = 400, Shares = 20;
        var calls = new int[Shares];
        int next = Shares;
        var test = Task.Run(() =>
        {
            using var pool = new WorkerPool(Workers, _ =>
            {
                for (int share = Interlocked.Increment(ref next) - 1; share < Shares; share = Interlocked.Increment(ref next) - 1) calls[share]++;
            });
            for (int run = 0; run < Runs; run++)
            {
                if (run % 20 == 0) Thread.Sleep(2);
                next = 0;
                pool.Run();

                // All shares are done when the run returns, and no worker is still at it.
                Assert.All(calls, count => Assert.Equal(run + 1, count));
            }
        });

        // Times out where a run never ends.
        await test.WaitAsync(TimeSpan.FromSeconds(30));
    }

    [Fact]
    public void Workers_do_take_part()
    {
        // The caller's share waits for another worker to come.
        using var other = new ManualResetEventSlim();
        using var pool = new WorkerPool(2, worker =>
        {
            if (worker != 0) other.Set();
            else Assert.True(other.Wait(TimeSpan.FromSeconds(30)));
        });
        for (int run = 0; run < 5; run++)
        {
            other.Reset();
            pool.Run();
        }
    }

    [Fact]
    public void A_failing_worker_fails_the_run_and_the_next_one_works()
    {
        bool fail = true;
        using var came = new ManualResetEventSlim();
        using var pool = new WorkerPool(3, worker =>
        {
            if (worker == 0) came.Wait(TimeSpan.FromSeconds(30));
            if (worker != 2) return;
            came.Set();
            if (fail) throw new ArithmeticException("on purpose");
        });
        Assert.Contains("on purpose", Assert.Throws<InvalidOperationException>(pool.Run).Message, StringComparison.Ordinal);
        fail = false;
        pool.Run();
    }
}
