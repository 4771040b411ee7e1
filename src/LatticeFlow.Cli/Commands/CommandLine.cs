using System.CommandLine;
using LatticeFlow.Cli.Configuration;
using LatticeFlow.Cli.Output;
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
        // A display may draw on the stream itself; everything else is text.
        var (screen, data) = (new SteadyWriter(error, plain: false), new SteadyWriter(output, plain: true));
        var terminal = ProgressDisplay.CanDraw(error) ? screen : null;
        error = new SteadyWriter(error, plain: true);
        output = data;
        var root = new CommandTree(services, (options, result, body) => Execute(options, result, body, data, error, terminal)).Root;
        // Nothing here expands @files: a path may begin with '@'.
        var result = root.Parse(arguments, new ParserConfiguration { ResponseFileTokenReplacer = null });
        if (arguments.Length == 0)
        {
            root.Parse("--help").Invoke(new() { Output = error, Error = error });
            return ExitCode.BadUsage;
        }
        if (Unreadable(arguments) is { } reason)
        {
            error.WriteLine(reason);
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

    /// <summary>Arguments reach a program as bytes. What is not UTF-8 in them arrives as the replacement character, and with it names another file than the one that was meant.</summary>
    private static string? Unreadable(string[] arguments)
    {
        const char Replacement = '\uFFFD';
        if (arguments.FirstOrDefault(argument => argument.Contains(Replacement, StringComparison.Ordinal)) is { } argument)
            return $"error: the argument '{argument}' is not UTF-8 text: rename what it names, or set the terminal to UTF-8";
        return Environment.CurrentDirectory.Contains(Replacement, StringComparison.Ordinal)
            ? $"error: the name of the working directory, {Environment.CurrentDirectory}, is not UTF-8 text: rename it, or work in another directory"
            : null;
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

    private static int Execute(SharedOptions options, ParseResult result, Func<CommandContext, int> body, SteadyWriter output, TextWriter error, TextWriter? terminal)
    {
        using var log = new Log(error, Flag(options.Quiet));
        var resumes = result.CommandResult.Command.Options.Contains(options.Resume);
        var again = resumes ? "run again with --resume" : "run the same command again";
        using var stop = StopSignal.Install(
            name => log.Warning(resumes ? $"{name}: stopping after a checkpoint (SIGINT or SIGTERM once more to stop at once)" : $"{name}: stopping"),
            breakOff: () => log.Warning($"stopped: {again}"));
        try
        {
            var code = body(new(output, log, ProgressDisplay.For(log, terminal), stop, Flag(options.Json)));
            return output.Failure is { } failure ? OutputLost(failure, resumes, code, log) : code;
        }
        catch (ConfigurationException exception)
        {
            // Bare lines, so that an editor can jump to file(line,col).
            foreach (var line in exception.Errors) error.WriteLine(PrintableText.Line(line.ToString()));
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
            log.Warning($"stopped: {again}");
            return ExitCode.Stopped;
        }
        catch (Exception exception)
        {
            return Internal(exception, log, error);
        }

        bool Flag(Option<bool> option) => result.GetResult(option) is not null && result.GetValue(option);
    }

    /// <summary>What a run has to say is in its directory, too. A command that only prints has not done what it was asked.</summary>
    private static int OutputLost(Exception failure, bool hasDirectory, int code, Log log)
    {
        if (hasDirectory)
        {
            log.Warning($"stdout cannot be written ({failure.Message}): the results are in the run directory alone");
            return code;
        }
        log.Error($"stdout cannot be written: {failure.Message}");
        return code == ExitCode.Done ? ExitCode.BadUsage : code;
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
