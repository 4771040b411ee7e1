using System.Text.Json;
using System.Text.Json.Serialization;

namespace LatticeFlow.Reports;

/// <summary>JSON has no NaN and no infinity: both are written as null, and null is read as NaN.</summary>
internal sealed class FiniteNumberConverter : JsonConverter<double>
{
    public override bool HandleNull => true;

    public override double Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType == JsonTokenType.Null) return double.NaN;
        double value = reader.GetDouble();
        return double.IsFinite(value) ? value : throw new JsonException("The number is larger than a double can be.");
    }

    public override void Write(Utf8JsonWriter writer, double value, JsonSerializerOptions options)
    {
        if (double.IsFinite(value)) writer.WriteNumberValue(value);
        else writer.WriteNullValue();
    }
}
