namespace LatticeFlow.Cli.Configuration;

/// <summary>The words a key accepts and what each stands for.</summary>
public sealed class Choice<T>(params (string Text, T Value)[] options) where T : struct
{
    public IEnumerable<string> Texts => options.Select(option => option.Text);

    public string Text(T value) => options.First(option => EqualityComparer<T>.Default.Equals(option.Value, value)).Text;

    /// <summary>The word of a value, or null where none stands for it.</summary>
    public string? Name(T value) => options.FirstOrDefault(option => EqualityComparer<T>.Default.Equals(option.Value, value)).Text;

    public bool TryParse(string text, out T value)
    {
        foreach (var option in options)
        {
            if (option.Text != text) continue;
            value = option.Value;
            return true;
        }
        value = default;
        return false;
    }
}
