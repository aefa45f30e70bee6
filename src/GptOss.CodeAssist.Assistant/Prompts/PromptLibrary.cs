using System.Collections.Concurrent;
using System.Collections.Immutable;
using Microsoft.Extensions.Logging;

namespace GptOss.CodeAssist.Assistant.Prompts;

/// <summary>The prompts: built in, and overridden by files of the user's and the workspace's.</summary>
/// <remarks>May be used from any thread. Overriding files are read at each use, so that an edit shows at once.</remarks>
/// <param name="findOverrideFolders">The folders as they are now; a later one wins over an earlier one.</param>
public sealed class PromptLibrary(Func<ImmutableArray<string>> findOverrideFolders, ILogger logger)
{
    private static readonly ConcurrentDictionary<string, PromptTemplate> BuiltIn = new(StringComparer.Ordinal);

    /// <summary>The built-in prompts alone.</summary>
    public static PromptLibrary BuiltInOnly { get; } = new(() => [], Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance);

    /// <summary>The prompt of a name out of <see cref="PromptNames"/>. A later folder's file wins over an earlier one's; one that cannot be used is logged and passed over.</summary>
    internal PromptTemplate Get(string name)
    {
        foreach (var folder in findOverrideFolders().Reverse())
        {
            var path = Path.Combine(folder, name + ".md");
            if (File.Exists(path) && FindUsable(name, path) is { } template)
            {
                return template;
            }
        }

        return BuiltIn.GetOrAdd(name, static name => Check(name, PromptTemplate.Parse(ReadBuiltIn(name))));
    }

    internal static string ReadBuiltIn(string name)
    {
        using var stream = typeof(PromptLibrary).Assembly.GetManifestResourceStream($"prompts/{name}.md")
            ?? throw new ArgumentException($"There is no prompt {name}.", nameof(name));
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }

    private PromptTemplate? FindUsable(string name, string path)
    {
        try
        {
            return Check(name, PromptTemplate.Parse(File.ReadAllText(path)));
        }
        catch (Exception problem) when (problem is FormatException or IOException or UnauthorizedAccessException)
        {
            logger.LogWarning("The prompt file {Path} is not used: {Problem}", path, problem.Message);
            return null;
        }
    }

    private static PromptTemplate Check(string name, PromptTemplate template)
    {
        var unknown = template.Placeholders.Except(PromptNames.All[name]);
        return unknown.IsEmpty
            ? template
            : throw new FormatException($"The prompt has no placeholder {string.Join(", ", unknown.Order(StringComparer.Ordinal))}; it has {string.Join(", ", PromptNames.All[name].Order(StringComparer.Ordinal))}.");
    }
}
