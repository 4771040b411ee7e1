namespace LatticeFlow.Compute.Cpu;

/// <summary>
/// A fixed set of threads that run one program at a time without allocating. The calling thread is worker 0. Workers spin for
/// some microseconds between programs, then sleep. The work takes shares from a common list until none is left, so a worker that the machine
/// has not yet given a core when the list is empty is not waited for: on a busy machine a run takes no longer than on one thread.
/// </summary>
internal sealed class WorkerPool : IDisposable
{
    private const int SpinIterations = 2000;

    // Added to the count of workers inside a run that takes no more of them.
    private const int Closed = int.MinValue;
    private readonly Thread[] threads;
    private readonly object gate = new();
    private readonly Action<int> work;
    private int generation;
    private int sleeping;
    private int inside = Closed;
    private volatile bool disposed;
    private volatile Exception? failure;

    /// <summary>Starts the threads; <paramref name="work"/> is called with a worker's number and works until no share is left.</summary>
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

    /// <summary>Calls the work on the calling thread and on every worker that comes in time, and waits for those.</summary>
    public void Run()
    {
        failure = null;
        Volatile.Write(ref inside, 0);
        Interlocked.Increment(ref generation);
        Wake();
        try
        {
            work(0);
        }
        finally
        {
            Interlocked.Add(ref inside, Closed);
            var spin = default(SpinWait);
            while (Volatile.Read(ref inside) != Closed) spin.SpinOnce(sleep1Threshold: -1);
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
            if (!TryEnter()) continue;
            try
            {
                work(worker);
            }
            catch (Exception error)
            {
                failure = error;
            }

            Interlocked.Decrement(ref inside);
        }
    }

    private bool TryEnter()
    {
        while (true)
        {
            int count = Volatile.Read(ref inside);
            if (count < 0) return false;
            if (Interlocked.CompareExchange(ref inside, count + 1, count) == count) return true;
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
