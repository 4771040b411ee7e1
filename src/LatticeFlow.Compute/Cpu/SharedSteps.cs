using LatticeFlow.Kernels.Memory;

namespace LatticeFlow.Compute.Cpu;

/// <summary>
/// Threads that walk a program step by step and share the items of each step: how a few tiles keep all threads busy. No thread begins a step before all items of
/// the last one are done; a thread that comes late takes what is left.
/// </summary>
/// <remarks>
/// One 64-bit ticket counts (step, share): a thread draws a share by increment, and whoever finishes the last share of a step opens the next one. Tickets drawn
/// beyond the last share of a step are void, and are forgotten with it. Why every share is worked once:
/// <list type="bullet">
/// <item>A share is drawn once, as increments are atomic. A step is opened by one thread only, the one that counts the last of its shares, and after all others have counted
/// theirs: nobody is in a step that is not open, and the count starts from 0 before the next one opens.</item>
/// <item>What a share wrote is seen by the next step: it was written before its thread's count, which comes before the last count, the opening and the draw from the next step.</item>
/// <item>A thread draws at most one void ticket a step, as it then waits for the next one: the lower half of the ticket does not overflow.</item>
/// <item>The pool lets nobody in between two programs, and Start is called when all have left. A thread that comes when all steps are done finds that and leaves.</item>
/// <item>A share that fails is never counted, so its step never ends: its thread opens the end of the program instead, and nobody can open anything after it.</item>
/// </list>
/// </remarks>
internal sealed class SharedSteps
{
    // Enough shares that threads end together although one is interrupted, few enough that drawing them costs nothing.
    private const int SharesOfThread = 4;
    private const int LeastItems = 8;
    private KernelProgram? program;
    private int workers;
    private long ticket;
    private int done;

    /// <summary>Makes a program ready; called before the threads come.</summary>
    public void Start(KernelProgram program, int workers)
    {
        this.program = program;
        this.workers = workers;
        Volatile.Write(ref done, 0);
        Volatile.Write(ref ticket, 0);
    }

    /// <summary>Works until all steps are done, or one has failed in some thread: then the program ends for all, and this thread throws if it was its own share.</summary>
    public void Work(int worker)
    {
        try
        {
            WorkOnShares(worker);
        }
        catch
        {
            Interlocked.Exchange(ref ticket, (long)program!.Steps.Count << 32);
            throw;
        }
    }

    private void WorkOnShares(int worker)
    {
        var steps = program!.Steps;
        int tiles = program.Shape.Tiles;
        var spin = default(SpinWait);
        while (true)
        {
            int open = (int)(Volatile.Read(ref ticket) >> 32);
            if (open >= steps.Count) return;
            long drawn = Interlocked.Increment(ref ticket) - 1;
            int index = (int)(drawn >> 32);
            int share = (int)(drawn & int.MaxValue);
            if (index >= steps.Count) return;
            var step = steps[index];
            int sharesOfTile = Math.Clamp(step.Items / LeastItems, 1, SharesOfThread * workers);
            if (share >= sharesOfTile * tiles)
            {
                while ((int)(Volatile.Read(ref ticket) >> 32) == index) spin.SpinOnce(sleep1Threshold: -1);
                spin.Reset();
                continue;
            }

            int tile = share / sharesOfTile;
            int part = share - (tile * sharesOfTile);
            int first = (int)((long)step.Items * part / sharesOfTile);
            int end = (int)((long)step.Items * (part + 1) / sharesOfTile);
            var place = new Place(tile, tile, tile % program.Shape.Slots, 0, worker);
            step.RunItems(place, first, end);
            if (Interlocked.Increment(ref done) < sharesOfTile * tiles) continue;
            Volatile.Write(ref done, 0);
            Interlocked.Exchange(ref ticket, (long)(index + 1) << 32);
        }
    }
}
