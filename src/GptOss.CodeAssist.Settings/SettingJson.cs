using System.Collections.Immutable;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace GptOss.CodeAssist.Settings;

/// <summary>Settings' values as JSON.</summary>
public static class SettingJson
{
    /// <summary>Comments and a comma too many are forgiven in files that people write.</summary>
    internal static JsonDocumentOptions ReadOptions { get; } = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };

    /// <summary>Made when something is written: its encoder takes longer to make than settings take to read.</summary>
    internal static JsonSerializerOptions WriteOptions => field ??= new JsonSerializerOptions { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static JsonNode? ToNode(object? value) => value switch
    {
        null => null,
        bool truth => JsonValue.Create(truth),
        int number => JsonValue.Create(number),
        double number => JsonValue.Create(number),
        ImmutableArray<string> texts => new JsonArray([.. texts.Select(text => JsonValue.Create(text))]),
        ImmutableArray<double> numbers => new JsonArray([.. numbers.Select(number => JsonValue.Create(number))]),
        _ => JsonValue.Create((string)value),
    };
}
