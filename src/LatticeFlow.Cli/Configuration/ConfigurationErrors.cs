namespace LatticeFlow.Cli.Configuration;

/// <summary>Collects everything that is wrong with a configuration, so that one reading reports it all.</summary>
public sealed class ConfigurationErrors
{
    private readonly List<ConfigurationError> _errors = [];

    public int Count => _errors.Count;

    public void Add(Place place, string message) => _errors.Add(new(place, message));

    /// <summary>Throws what was collected, in the order of the file and then of the command line.</summary>
    public void ThrowIfAny()
    {
        if (_errors.Count > 0) throw ToException();
    }

    public ConfigurationException ToException() => new([.. _errors
        .OrderBy(error => error.Place.IsOption)
        .ThenBy(error => error.Place.Line)
        .ThenBy(error => error.Place.Column)
        .Distinct()]);
}

/// <summary>One error, printed as <c>file(line,col): message</c> on one line, whatever its file and keys are called.</summary>
public sealed record ConfigurationError(Place Place, string Message)
{
    public override string ToString() => PrintableText.Line($"{Place}: {Message}");
}

/// <summary>A configuration that cannot be used, with every error found in it, one a line.</summary>
public sealed class ConfigurationException(IReadOnlyList<ConfigurationError> errors)
    : UserErrorException(string.Join('\n', errors))
{
    public IReadOnlyList<ConfigurationError> Errors { get; } = errors;
}
