using System.Diagnostics;
using System.Globalization;

namespace LatticeFlow.Tests;

/// <summary>
/// Damaged input, a few hundred mutants in the tests and thousands by <c>scripts/fuzz.sh</c>: the environment variable multiplies the number. Mutant k of a target is made from (seed, k) alone, so a failure
/// is repeated by its number. What reads a mutant may succeed or throw the exceptions that a target allows; anything else, a hang, and more memory than its payload and 64 MiB are failures.
/// </summary>
internal static class Fuzzing
{
    /// <summary>For <c>dotnet test --filter Category=Fuzz</c>.</summary>
    public const string Category = "Fuzz";

    public const string Variable = "LATTICEFLOW_FUZZ_MUTANTS";

    /// <summary>All that one mutant may allocate on its thread, beyond the payload; what it holds at once is less.</summary>
    public const long MemoryLimit = 64L << 20;

    /// <summary>A guard against hangs on a loaded machine, not a measurement.</summary>
    private static readonly TimeSpan Hang = TimeSpan.FromSeconds(60);

    /// <summary>How many mutants to try where a test would try <paramref name="usual"/>.</summary>
    public static int Mutants(int usual) => Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } text
        ? checked(usual * int.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture))
        : usual;

    /// <summary>Makes mutants of a file and reads each.</summary>
    /// <param name="usual">Their number, which the environment variable multiplies.</param>
    /// <param name="seed">Of all of them.</param>
    /// <param name="mutate">A mutant out of a generator of its own.</param>
    /// <param name="read">Reads it; true when it was accepted. It throws what is not allowed.</param>
    /// <param name="payload">Bytes that reading it may need beside the limit.</param>
    /// <returns>How many were accepted.</returns>
    public static int Run(int usual, int seed, Func<Random, byte[]> mutate, Func<byte[], int, bool> read, long payload)
    {
        int accepted = 0, current = 0;
        long most = 0;
        Exception? failure = null;
        var watch = Stopwatch.StartNew();
        var last = TimeSpan.Zero;
        var worker = new Thread(() =>
        {
            int mutants = Mutants(usual);
            for (int mutant = 0; mutant < mutants && failure is null; mutant++)
            {
                Volatile.Write(ref current, mutant);
                last = watch.Elapsed;
                byte[] bytes = mutate(new Random(HashCode(seed, mutant)));
                long before = GC.GetAllocatedBytesForCurrentThread();
                try
                {
                    accepted += read(bytes, mutant) ? 1 : 0;
                }
                catch (Exception cause)
                {
                    failure = new InvalidOperationException($"mutant {mutant} of seed {seed}: {cause.GetType().Name}: {cause.Message}", cause);
                }

                most = Math.Max(most, GC.GetAllocatedBytesForCurrentThread() - before);
                if (most > payload + MemoryLimit)
                    failure ??= new InvalidOperationException($"mutant {mutant} of seed {seed} allocated {most} bytes");
            }
        })
        { IsBackground = true };
        worker.Start();
        while (!worker.Join(TimeSpan.FromSeconds(1)))
        {
            if (watch.Elapsed - last > Hang)
                throw new TimeoutException($"mutant {Volatile.Read(ref current)} of seed {seed} hangs");
        }

        return failure is null ? accepted : throw failure;
    }

    /// <summary>Not <see cref="System.HashCode"/>, which differs from process to process.</summary>
    private static int HashCode(int seed, int mutant) => unchecked((seed * 7_368_787) ^ (mutant * 104_729));
}
