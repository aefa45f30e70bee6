using System.Text.Json;

namespace GptOss.CodeAssist.Inference.OpenAi.Connecting;

/// <summary>Reads members of what servers say, any of which may be missing or of another type.</summary>
internal static class JsonReading
{
    public static JsonElement? Find(this JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var found) && found.ValueKind != JsonValueKind.Null ? found : null;

    public static JsonElement? FindFirst(this JsonElement element, string name) =>
        element.Find(name) is { ValueKind: JsonValueKind.Array } list && list.GetArrayLength() > 0 ? list[0] : null;

    public static string? FindText(this JsonElement element, string name) => element.Find(name) is { ValueKind: JsonValueKind.String } text ? text.GetString() : null;

    public static int? FindInteger(this JsonElement element, string name) => element.Find(name) is { ValueKind: JsonValueKind.Number } number && number.TryGetInt32(out var value) ? value : null;

    public static IEnumerable<JsonElement> List(this JsonElement element, string name) => element.Find(name) is { ValueKind: JsonValueKind.Array } list ? list.EnumerateArray() : [];

    /// <summary>The numbers of a list; empty where one of its members is none.</summary>
    public static int[] FindIntegers(this JsonElement element, string name)
    {
        var list = element.List(name).ToArray();
        return Array.TrueForAll(list, item => item.ValueKind == JsonValueKind.Number && item.TryGetInt32(out _)) ? [.. list.Select(item => item.GetInt32())] : [];
    }
}
