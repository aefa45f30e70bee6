using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace GptOss.CodeAssist.Settings;

/// <summary>What values a setting takes.</summary>
/// <param name="Expected">What is wanted, to follow "it wants".</param>
/// <param name="Schema">The type's part of a JSON Schema, without null.</param>
/// <param name="Read">Reads a value that is not null; false where it is not of the type.</param>
public sealed record SettingType<T>(string Expected, Func<JsonObject> Schema, SettingType<T>.Reader Read)
{
    /// <summary>Reads one value.</summary>
    public delegate bool Reader(JsonElement element, out T? value);
}

/// <summary>The types that settings have.</summary>
internal static class SettingType
{
    public static SettingType<bool> Boolean { get; } = new("true or false", () => new JsonObject { ["type"] = "boolean" }, (JsonElement element, out bool value) =>
    {
        value = element.ValueKind == JsonValueKind.True;
        return element.ValueKind is JsonValueKind.True or JsonValueKind.False;
    });

    public static SettingType<bool?> OptionalBoolean { get; } = new("true or false", Boolean.Schema, (JsonElement element, out bool? value) =>
    {
        var isRead = Boolean.Read(element, out var read);
        value = read;
        return isRead;
    });

    public static SettingType<string?> Text { get; } = new("text", () => new JsonObject { ["type"] = "string", ["minLength"] = 1 }, (JsonElement element, out string? value) =>
    {
        value = element.ValueKind == JsonValueKind.String ? element.GetString() : null;
        return value is { Length: > 0 };
    });

    /// <summary>The name of an environment variable: whoever writes a key there by mistake is told, and it goes no further.</summary>
    public static SettingType<string> Name { get; } = new(
        "a name of letters, digits and _, at most 64",
        () => new JsonObject { ["type"] = "string", ["pattern"] = "^[A-Za-z_][A-Za-z0-9_]{0,63}$" },
        (JsonElement element, out string? value) =>
        {
            value = element.ValueKind == JsonValueKind.String ? element.GetString() : null;
            return value is { Length: > 0 and <= 64 } && !char.IsAsciiDigit(value[0]) && value.All(character => char.IsAsciiLetterOrDigit(character) || character == '_');
        });

    public static SettingType<ImmutableArray<string>> Texts { get; } = new(
        "a list of texts",
        () => new JsonObject { ["type"] = "array", ["items"] = new JsonObject { ["type"] = "string" } },
        (JsonElement element, out ImmutableArray<string> value) =>
        {
            value = [];
            if (element.ValueKind != JsonValueKind.Array || !element.EnumerateArray().All(item => item.ValueKind == JsonValueKind.String))
            {
                return false;
            }

            value = [.. element.EnumerateArray().Select(item => item.GetString()!)];
            return true;
        });

    public static SettingType<int> Integer(int minimum, int maximum) => new(
        string.Create(CultureInfo.InvariantCulture, $"a whole number from {minimum} to {maximum}"),
        () => new JsonObject { ["type"] = "integer", ["minimum"] = minimum, ["maximum"] = maximum },
        (JsonElement element, out int value) =>
        {
            value = 0;
            return element.ValueKind == JsonValueKind.Number && element.TryGetInt32(out value) && value >= minimum && value <= maximum;
        });

    public static SettingType<int?> OptionalInteger(int minimum, int maximum)
    {
        var type = Integer(minimum, maximum);
        return new SettingType<int?>(type.Expected, type.Schema, (JsonElement element, out int? value) =>
        {
            var isRead = type.Read(element, out var read);
            value = read;
            return isRead;
        });
    }

    public static SettingType<double> Number(double minimum, double maximum) => new(
        string.Create(CultureInfo.InvariantCulture, $"a number from {minimum} to {maximum}"),
        () => new JsonObject { ["type"] = "number", ["minimum"] = minimum, ["maximum"] = maximum },
        (JsonElement element, out double value) =>
        {
            value = 0;
            return element.ValueKind == JsonValueKind.Number && element.TryGetDouble(out value) && value >= minimum && value <= maximum;
        });

    public static SettingType<ImmutableArray<double>> Numbers(double minimum, double maximum)
    {
        var type = Number(minimum, maximum);
        return new SettingType<ImmutableArray<double>>(
            string.Create(CultureInfo.InvariantCulture, $"a list of numbers from {minimum} to {maximum}"),
            () => new JsonObject { ["type"] = "array", ["items"] = type.Schema() },
            (JsonElement element, out ImmutableArray<double> value) =>
            {
                value = [];
                if (element.ValueKind != JsonValueKind.Array || !element.EnumerateArray().All(item => type.Read(item, out _)))
                {
                    return false;
                }

                value = [.. element.EnumerateArray().Select(item => item.GetDouble())];
                return true;
            });
    }

    /// <summary>One of some names, in lower or upper case.</summary>
    public static SettingType<string> Choice(params string[] choices) => new(
        $"one of {string.Join(", ", choices)}",
        () => new JsonObject { ["type"] = "string", ["enum"] = new JsonArray([.. choices.Select(choice => JsonValue.Create(choice))]) },
        (JsonElement element, out string? value) =>
        {
            value = element.ValueKind == JsonValueKind.String ? choices.FirstOrDefault(choice => choice.Equals(element.GetString(), StringComparison.OrdinalIgnoreCase)) : null;
            return value is not null;
        });

    /// <summary>One of some names, or a server's address. A password in one would be shown and logged with it.</summary>
    public static SettingType<string> ChoiceOrAddress(params string[] choices) => new(
        $"one of {string.Join(", ", choices)}, or an http or https address without a name, a password or a query in it",
        () => new JsonObject { ["type"] = "string", ["pattern"] = $"^({string.Join('|', choices)}|https?://[^@?#]+)$" },
        (JsonElement element, out string? value) =>
        {
            var text = element.ValueKind == JsonValueKind.String ? element.GetString() : null;
            var isAddress = Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri is { Scheme: "http" or "https", Host.Length: > 0, UserInfo: "", Query: "", Fragment: "" };
            value = isAddress ? text : choices.FirstOrDefault(choice => choice.Equals(text, StringComparison.OrdinalIgnoreCase));
            return value is not null;
        });
}
