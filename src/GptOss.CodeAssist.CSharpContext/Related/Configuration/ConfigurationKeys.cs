using System.Collections.Immutable;
using System.Text.Json;
using System.Xml;
using System.Xml.Linq;

namespace GptOss.CodeAssist.CSharpContext.Related.Configuration;

/// <summary>Reads the keys of a configuration file, and never keeps a value.</summary>
internal static class ConfigurationKeys
{
    private const int MaximumKeys = 400;
    private const int MaximumDepth = 12;

    /// <summary>A longer part of a key is no name that somebody chose, but a token or an address used as one.</summary>
    private const int LongestPart = 48;

    private static readonly JsonDocumentOptions Forgiving = new() { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip, MaxDepth = 64 };

    /// <summary>The keys in the order of the file, as <c>Section:Key</c>; none where it cannot be read.</summary>
    /// <param name="path">Full path of an <c>appsettings*.json</c>, <c>web.config</c> or <c>app.config</c>.</param>
    public static ImmutableArray<string> Read(string path)
    {
        try
        {
            using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            var keys = ImmutableArray.CreateBuilder<string>();
            if (path.EndsWith(".json", StringComparison.OrdinalIgnoreCase))
            {
                using var document = JsonDocument.Parse(stream, Forgiving);
                AddKeys(document.RootElement, string.Empty, keys, 0);
            }
            else
            {
                AddKeys(XDocument.Load(stream), keys);
            }

            return [.. keys.Distinct(StringComparer.OrdinalIgnoreCase)];
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or JsonException or XmlException)
        {
            return [];
        }
    }

    private static void AddKeys(JsonElement element, string prefix, ImmutableArray<string>.Builder keys, int depth)
    {
        if (element.ValueKind != JsonValueKind.Object || depth > MaximumDepth)
        {
            return; // What lists hold has no name of its own.
        }

        foreach (var property in element.EnumerateObject().Where(property => IsName(property.Name)))
        {
            if (keys.Count >= MaximumKeys)
            {
                return;
            }

            var key = prefix + property.Name;
            keys.Add(key);
            AddKeys(property.Value, key + ":", keys, depth + 1);
        }
    }

    private static void AddKeys(XDocument document, ImmutableArray<string>.Builder keys)
    {
        foreach (var entry in document.Descendants("add"))
        {
            var name = entry.Parent?.Name.LocalName switch
            {
                "appSettings" => entry.Attribute("key")?.Value,
                "connectionStrings" => entry.Attribute("name")?.Value,
                _ => null,
            };
            if (name is not null && IsName(name) && keys.Count < MaximumKeys)
            {
                keys.Add(name);
            }
        }
    }

    /// <summary>Whether a key is a name and not data: somebody may key a table by tokens or addresses.</summary>
    private static bool IsName(string key) =>
        key.Length is > 0 and <= LongestPart && char.IsAsciiLetter(key[0]) && key.All(character => char.IsAsciiLetterOrDigit(character) || character is '_' or '-' or '.' or ':' or '$')
        && !(key.Length > 20 && key.Count(char.IsAsciiDigit) > key.Length / 4);
}
