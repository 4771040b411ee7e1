namespace LatticeFlow.Compute.Cpu;

/// <summary>
/// A fixed set of threads that run one program at a time without allocating. The calling thread is worker 0. Workers spin for
/// some microseconds between programs, then sleep.
/// </summary>
internal sealed class WorkerPool : IDisposable
{
    private const int SpinIterations = 2000;
    private readonly Thread[] threads;
    private readonly object gate = new();
    private readonly Action<int> work;
    private int generation;
    private int sleeping;
    private int running;
    private volatile bool disposed;
    private volatile Exception? failure;

    /// <summary>Starts the threads; <paramref name="work"/> is called with the worker's number on every <see cref="Run"/>.</summary>
    public WorkerPool(int workers, Action<int> work)
    {
        this.work = work;
        threads = new Thread[workers - 1];
        for (int i = 0; i < threads.Length; i++)
        {
            int worker = i + 1;
            threads[i] = new Thread(() => Loop(worker)) { IsBackground = true, Name = $"lattice worker {worker}" };
            threads[i].Start();
        }
    }

    /// <summary>Workers, the caller included.</summary>
    public int Workers => threads.Length + 1;

    /// <summary>Calls the work on every worker and waits for all.</summary>
    public void Run()
    {
        failure = null;
        Volatile.Write(ref running, threads.Length);
        Interlocked.Increment(ref generation);
        Wake();
        try
        {
            work(0);
        }
        finally
        {
            var spin = default(SpinWait);
            while (Volatile.Read(ref running) > 0) spin.SpinOnce(sleep1Threshold: -1);
        }

        if (failure is { } error) throw new InvalidOperationException("a worker thread failed: " + error.Message, error);
    }

    public void Dispose()
    {
        disposed = true;
        Interlocked.Increment(ref generation);
        Wake();
        foreach (var thread in threads) thread.Join();
    }

    private void Loop(int worker)
    {
        int seen = 0;
        while (true)
        {
            WaitForChange(seen);
            seen = Volatile.Read(ref generation);
            if (disposed) return;
            try
            {
                work(worker);
            }
            catch (Exception error)
            {
                failure = error;
            }

            Interlocked.Decrement(ref running);
        }
    }

    private void WaitForChange(int seen)
    {
        for (int i = 0; i < SpinIterations; i++)
        {
            if (Volatile.Read(ref generation) != seen) return;
            Thread.SpinWait(20);
        }

        // No wake-up can be missed: the count is raised before the generation is read again, and Wake does the two the other way round.
        // All sleepers are woken together: of counted permits a fast worker could take a second one that a sleeping worker needs.
        Interlocked.Increment(ref sleeping);
        lock (gate)
        {
            while (Volatile.Read(ref generation) == seen) Monitor.Wait(gate);
        }

        Interlocked.Decrement(ref sleeping);
    }

    private void Wake()
    {
        if (Volatile.Read(ref sleeping) == 0) return;
        lock (gate) Monitor.PulseAll(gate);
    }
}
