using LatticeFlow.Storage;

namespace LatticeFlow.Interchange;

/// <summary>ArviZ's InferenceData as netCDF-4, see <see cref="InferenceDataFile"/>.</summary>
public sealed class ArvizFormat : ISeriesFormat
{
    /// <inheritdoc/>
    public string Name => "arviz";

    /// <inheritdoc/>
    public void Write(string path, SeriesData data)
    {
        ArgumentNullException.ThrowIfNull(data);
        if (data.Observables.FirstOrDefault(column => column.Name is "chain" or "draw") is { } taken) throw new UserErrorException($"an observable has the name of a dimension, {taken.Name}") { File = path };
        var sample = new List<InferenceVariable>();
        foreach (var column in data.Chain)
        {
            // Names of ArviZ's schema: log density up to a constant, and the error of the energy along a trajectory.
            var (name, sign) = column.Name switch { "action" => ("lp", -1.0), "delta_h" => ("energy_error", 1.0), _ => (column.Name, 1.0) };
            sample.Add(new(name, [], [[.. column.Values[0].Select(chain => Array.ConvertAll(chain, value => sign * value))]]));
        }

        InferenceDataFile.Write(path, new()
        {
            Chains = data.Replicas,
            Steps = data.Steps,
            Posterior = [.. data.Observables.Select(column => new InferenceVariable(column.Name, column.Shape, column.Values))],
            SampleStats = sample,
            Header = data.Header,
            Name = data.Name,
        });
    }
}
