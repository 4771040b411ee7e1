using LatticeFlow.Actions;
using LatticeFlow.Storage;

namespace LatticeFlow.Cli.Services.Verification;

/// <summary>Whether action and observables that are stored beside configurations are those of the configurations.</summary>
public interface IStoredChecks
{
    /// <summary>Whether an observable is recomputed here, by plain loops.</summary>
    bool Recomputes(string observable);

    /// <summary>Takes in the configurations of a block.</summary>
    void Add(EnsembleBlock block);

    /// <summary>Lists what was found, under the name of a sample.</summary>
    void Report(string sample, Checklist list);
}

/// <summary>The checks of an action.</summary>
public static class StoredChecks
{
    /// <summary>What an action's configurations are checked by; <paramref name="isSingle"/> where they are stored in single precision.</summary>
    public static IStoredChecks Of(IAction action, bool isSingle) => action switch
    {
        LoopAction loops => new LinkChecks(loops, isSingle),
        Phi4Action phi4 => new ScalarChecks(phi4, isSingle),
        _ => throw new NotSupportedException($"action '{action.Name}' is not known to verify: nothing recomputes it from stored configurations."),
    };

    /// <summary>The larger of a deviation and |another|; NaN wins and stays.</summary>
    public static double Larger(double a, double b) => Math.Max(a, Math.Abs(b));
}
