using System.CommandLine;
using LatticeFlow.Cli.Configuration;
using LatticeFlow.Compute;
using LatticeFlow.Storage;

namespace LatticeFlow.Cli.Commands;

/// <summary>Parses the command line, runs the command and turns whatever happens into a message and an exit code.</summary>
public static class CommandLine
{
    /// <summary>Set this to see the stack of an internal error on stderr.</summary>
    public const string StackVariable = "LATTICEFLOW_STACK";

    /// <summary>Runs one command. Data goes to <paramref name="output"/>, everything else to <paramref name="error"/>.</summary>
    /// <returns>One of <see cref="ExitCode"/>.</returns>
    public static int Invoke(string[] arguments, CommandServices services, TextWriter output, TextWriter error)
    {
        var root = new CommandTree(services, (options, result, body) => Execute(options, result, body, output, error)).Root;
        // Nothing here expands @files: a path may begin with '@'.
        var result = root.Parse(arguments, new ParserConfiguration { ResponseFileTokenReplacer = null });
        if (arguments.Length == 0)
        {
            root.Parse("--help").Invoke(new() { Output = error, Error = error });
            return ExitCode.BadUsage;
        }
        if (UnknownOption(result) is { } problem)
        {
            error.WriteLine(PrintableText.Line(problem));
            return ExitCode.BadUsage;
        }
        if (result.Errors.Count > 0) return Refuse(result, root, error);
        return result.Invoke(new() { Output = output, Error = error, EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null });
    }

    /// <summary>The parser would take an option it does not know for an argument, such as the name of the configuration.</summary>
    private static string? UnknownOption(ParseResult result)
    {
        var command = result.CommandResult.Command;
        if (!command.TreatUnmatchedTokensAsErrors) return null;
        var values = result.CommandResult.Tokens.Select(token => token.Value).Concat(result.UnmatchedTokens);
        if (result.Tokens.Any(token => token.Value == "--") || values.FirstOrDefault(value => value.StartsWith("--", StringComparison.Ordinal)) is not { } unknown)
            return null;
        var names = command.Options.Select(option => option.Name).ToArray();
        var hint = Suggestion.Nearest(unknown.Split('=')[0], names) is { } nearest ? $"did you mean {nearest}?" : $"known are {string.Join(", ", names)}";
        return $"error: unknown option {unknown}; {hint}";
    }

    private static int Refuse(ParseResult result, RootCommand root, TextWriter error)
    {
        var command = result.CommandResult.Command;
        var unmatched = result.UnmatchedTokens.Count > 0 ? result.UnmatchedTokens[0] : null;
        if (command == root && unmatched is not null && !unmatched.StartsWith('-'))
        {
            var names = root.Subcommands.Select(child => child.Name).ToArray();
            error.WriteLine(PrintableText.Line(Suggestion.Nearest(unmatched, names) is { } nearest
                ? $"error: unknown command '{unmatched}'; did you mean '{nearest}'?"
                : $"error: unknown command '{unmatched}'; known are {string.Join(", ", names)}"));
        }
        else
        {
            foreach (var message in result.Errors.Select(problem => problem.Message).Distinct()) error.WriteLine(PrintableText.Line($"error: {message}"));
        }
        error.WriteLine($"see latticeflow {(command == root ? "" : command.Name + " ")}--help");
        return ExitCode.BadUsage;
    }

    private static int Execute(SharedOptions options, ParseResult result, Func<CommandContext, int> body, TextWriter output, TextWriter error)
    {
        using var log = new Log(error, Flag(options.Quiet));
        using var stop = StopSignal.Install(name => log.Warning($"{name}: stopping after a checkpoint (once more to stop at once)"));
        try
        {
            return body(new(output, log, ProgressDisplay.For(log, error), stop, Flag(options.Json)));
        }
        catch (ConfigurationException exception)
        {
            // Bare lines, so that an editor can jump to file(line,col).
            error.WriteLine(PrintableText.Lines(exception.Report));
            return exception.ExitCode;
        }
        catch (UserErrorException exception)
        {
            log.Error(exception.Report);
            return exception.ExitCode;
        }
        catch (StorageException exception)
        {
            log.Error(exception.Message);
            return exception.ExitCode;
        }
        catch (DeviceUnavailableException exception)
        {
            log.Error(exception.Message);
            return ExitCode.DeviceFailed;
        }
        catch (Exception exception) when (IsOutOfMemory(exception))
        {
            log.Error("there is not enough memory for this; use a smaller segment, fewer replicas or a smaller lattice, or ask for more memory. What was stored before is complete");
            return ExitCode.BadUsage;
        }
        catch (OperationCanceledException) when (stop.IsRequested)
        {
            log.Warning("stopped: run again with --resume");
            return ExitCode.Stopped;
        }
        catch (Exception exception)
        {
            return Internal(exception, log, error);
        }

        bool Flag(Option<bool> option) => result.GetResult(option) is not null && result.GetValue(option);
    }

    /// <summary>The exit code that an exception ends a command with.</summary>
    internal static int CodeOf(Exception exception, StopSignal stop) => exception switch
    {
        UserErrorException known => known.ExitCode,
        StorageException known => known.ExitCode,
        DeviceUnavailableException => ExitCode.DeviceFailed,
        _ when IsOutOfMemory(exception) => ExitCode.BadUsage,
        OperationCanceledException when stop.IsRequested => ExitCode.Stopped,
        _ => ExitCode.InternalError,
    };

    // Threads and libraries wrap what they meet.
    private static bool IsOutOfMemory(Exception exception)
        => exception is OutOfMemoryException || exception.InnerException is { } inner && IsOutOfMemory(inner);

    private static int Internal(Exception exception, Log log, TextWriter error)
    {
        log.Error($"internal error: {exception.GetType().Name}: {exception.Message}", exception);
        if (Environment.GetEnvironmentVariable(StackVariable) is { Length: > 0 }) error.WriteLine(exception);
        else if (log.FilePath is { } file) error.WriteLine($"this is a defect of LatticeFlow, not of your input; the full stack is in {file}");
        else error.WriteLine($"this is a defect of LatticeFlow, not of your input; set {StackVariable}=1 to see the full stack");
        return ExitCode.InternalError;
    }
}
