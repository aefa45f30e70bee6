using System.Text.Json;
using System.Text.Json.Serialization;

namespace GptOss.CodeAssist.StarterModel;

/// <summary>One source file of a corpus: a line of JSON with the repository, the path inside it and the text.</summary>
internal sealed record CorpusFile(
    [property: JsonPropertyName("r")] string Repository,
    [property: JsonPropertyName("p")] string Path,
    [property: JsonPropertyName("t")] string Text)
{
    /// <summary>Reads a corpus; files with characters outside the basic plane are left out, because holes are counted in characters.</summary>
    /// <param name="path">A file of JSON lines, or "-" for standard input.</param>
    public static IEnumerable<CorpusFile> ReadAll(string path)
    {
        using var reader = path == "-" ? new StreamReader(Console.OpenStandardInput()) : new StreamReader(path);
        while (reader.ReadLine() is { } line)
        {
            var file = JsonSerializer.Deserialize<CorpusFile>(line) ?? throw new InvalidDataException("The corpus has an empty line.");
            if (!file.Text.Any(char.IsSurrogate))
            {
                yield return file;
            }
        }
    }
}
