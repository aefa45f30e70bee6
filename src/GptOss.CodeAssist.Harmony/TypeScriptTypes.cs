using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace GptOss.CodeAssist.Harmony;

/// <summary>Writes JSON schemas as the TypeScript-like types in which gpt-oss was taught its tools.</summary>
/// <remarks>Every line break and blank is the reference renderer's, oddities included: the model has seen no other.</remarks>
internal static class TypeScriptTypes
{
    private static readonly JsonWriterOptions Compact = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string FromJsonSchema(JsonElement schema) => Type(schema, "");

    /// <summary>The value on one line without blanks between its parts.</summary>
    public static string CompactJson(JsonElement value)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer, Compact))
        {
            value.WriteTo(writer);
        }

        return Encoding.UTF8.GetString(buffer.ToArray());
    }

    private static string Type(JsonElement schema, string indent)
    {
        if (Find(schema, "oneOf", JsonValueKind.Array) is { } variants)
        {
            return Union(variants, indent);
        }

        if (Find(schema, "type", JsonValueKind.Array) is { } types)
        {
            var names = types.EnumerateArray().Where(IsString).Select(type => type.GetString() == "integer" ? "number" : type.GetString()).ToArray();
            return names.Length > 0 ? string.Join(" | ", names) : "any";
        }

        return FindString(schema, "type") switch
        {
            "object" => Object(schema, indent),
            "string" => StringType(schema),
            "number" or "integer" => "number",
            "boolean" => "boolean",
            "array" => schema.TryGetProperty("items", out var items) ? Type(items, indent) + "[]" : "Array<any>",
            _ => "any",
        };
    }

    private static string Union(JsonElement variants, string indent)
    {
        var text = new StringBuilder();
        foreach (var variant in variants.EnumerateArray())
        {
            string?[] notes = [FindString(variant, "description"), Default(variant, quoteEnums: true)];
            text.Append('\n').Append(indent).Append(" | ").Append(NullableType(variant, indent + "   ")).Append(TrailingComment(notes));
        }

        return text.ToString();
    }

    private static string StringType(JsonElement schema)
    {
        var values = Find(schema, "enum", JsonValueKind.Array) is { } array
            ? array.EnumerateArray().Where(IsString).Select(value => $"\"{value.GetString()}\"").ToArray()
            : [];
        return values.Length > 0 ? string.Join(" | ", values) : "string";
    }

    private static string Object(JsonElement schema, string indent)
    {
        var text = new StringBuilder();
        AppendComment(FindString(schema, "description"), indent, text);
        text.Append("{\n");
        var required = Find(schema, "required", JsonValueKind.Array) is { } names
            ? names.EnumerateArray().Where(IsString).Select(name => name.GetString()!).ToHashSet(StringComparer.Ordinal)
            : [];
        if (Find(schema, "properties", JsonValueKind.Object) is { } properties)
        {
            foreach (var property in properties.EnumerateObject())
            {
                AppendProperty(property.Name + (required.Contains(property.Name) ? "" : "?"), property.Value, indent, text);
            }
        }

        return text.Append(indent).Append('}').ToString();
    }

    private static void AppendProperty(string name, JsonElement schema, string indent, StringBuilder text)
    {
        var variants = Find(schema, "oneOf", JsonValueKind.Array);
        if (FindString(schema, "title") is { } title)
        {
            text.Append(indent).Append("// ").Append(title).Append('\n').Append(indent).Append("//\n");
        }

        if (!schema.TryGetProperty("oneOf", out _))
        {
            AppendComment(FindString(schema, "description"), indent, text);
        }

        AppendExamples(schema, indent, text);
        if (variants is { } union)
        {
            AppendUnionProperty(name, schema, union, indent, text);
            return;
        }

        text.Append(indent).Append(name).Append(": ").Append(NullableType(schema, indent + "    ")).Append(',')
            .Append(TrailingComment(Default(schema, quoteEnums: false))).Append('\n');
    }

    private static void AppendUnionProperty(string name, JsonElement schema, JsonElement variants, string indent, StringBuilder text)
    {
        var description = FindString(schema, "description");
        var first = variants.EnumerateArray().FirstOrDefault();
        var describedAbove = description is not null && (first.ValueKind == JsonValueKind.Undefined || FindString(first, "description") != description);
        AppendComment(describedAbove ? description : null, indent, text);
        AppendComment(Default(schema, quoteEnums: false), indent, text);
        text.Append(indent).Append(name).Append(":\n");
        foreach (var (index, variant) in variants.EnumerateArray().Index())
        {
            var own = FindString(variant, "description");
            var hidden = own == description || (index == 0 && describedAbove);
            string?[] notes = [hidden ? null : own, Default(variant, quoteEnums: false)];
            text.Append(indent).Append(" | ").Append(NullableType(variant, indent + "   ")).Append(TrailingComment(notes)).Append('\n');
        }

        text.Append(indent).Append(",\n");
    }

    private static void AppendExamples(JsonElement schema, string indent, StringBuilder text)
    {
        if (Find(schema, "examples", JsonValueKind.Array) is { } examples && examples.GetArrayLength() > 0)
        {
            AppendComment("Examples:", indent, text);
            foreach (var example in examples.EnumerateArray().Where(IsString))
            {
                AppendComment($"- \"{example.GetString()}\"", indent, text);
            }
        }
    }

    private static string NullableType(JsonElement schema, string indent)
    {
        var type = Type(schema, indent);
        var nullable = Find(schema, "nullable", JsonValueKind.True) is not null && !type.Contains("null", StringComparison.Ordinal);
        return nullable ? type + " | null" : type;
    }

    /// <summary><c>default: 20</c>; a string is quoted unless it is one of an enumeration's values, which only a bare union quotes as well.</summary>
    private static string? Default(JsonElement schema, bool quoteEnums)
    {
        if (schema.ValueKind != JsonValueKind.Object || !schema.TryGetProperty("default", out var value))
        {
            return null;
        }

        if (!IsString(value))
        {
            return $"default: {CompactJson(value)}";
        }

        var isEnum = Find(schema, "enum", JsonValueKind.Array) is { } values && values.GetArrayLength() > 0;
        return (isEnum, quoteEnums) switch
        {
            (false, _) => $"default: \"{value.GetString()}\"",
            (true, true) => $"default: {CompactJson(value)}",
            (true, false) => $"default: {value.GetString()}",
        };
    }

    private static string TrailingComment(params ReadOnlySpan<string?> notes)
    {
        var text = string.Join(' ', notes.ToArray().Where(note => note is not null));
        return text.Length > 0 ? $" // {text}" : "";
    }

    private static void AppendComment(string? comment, string indent, StringBuilder text)
    {
        if (comment is not null)
        {
            text.Append(indent).Append("// ").Append(comment).Append('\n');
        }
    }

    private static bool IsString(JsonElement element) => element.ValueKind == JsonValueKind.String;

    private static string? FindString(JsonElement schema, string name) => Find(schema, name, JsonValueKind.String)?.GetString();

    private static JsonElement? Find(JsonElement schema, string name, JsonValueKind kind) =>
        schema.ValueKind == JsonValueKind.Object && schema.TryGetProperty(name, out var value) && value.ValueKind == kind ? value : null;
}
