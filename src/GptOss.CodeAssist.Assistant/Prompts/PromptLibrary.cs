using System.Collections.Concurrent;
using System.Collections.Immutable;
using Microsoft.Extensions.Logging;

namespace GptOss.CodeAssist.Assistant.Prompts;

/// <summary>The prompts: built in, and overridden by files of the user's and of the workspace's that is worked on.</summary>
/// <remarks>May be used from any thread. Overriding files are read at each use, so that an edit shows at once.</remarks>
/// <param name="findOverrideFolders">The folders as they are now, for work in a workspace's folder or, with null, in none; a later one wins over an earlier one.</param>
public sealed class PromptLibrary(Func<string?, ImmutableArray<string>> findOverrideFolders, ILogger logger)
{
    /// <summary>A longer file is no prompt.</summary>
    private const long MostBytes = 100_000;

    private static readonly ConcurrentDictionary<string, PromptTemplate> BuiltIn = new(StringComparer.Ordinal);

    /// <summary>What was last said against a file, which is read at each use and told of once.</summary>
    private ConcurrentDictionary<string, string> _told = new(StringComparer.Ordinal);
    private string? _workspace;

    /// <summary>The built-in prompts alone.</summary>
    public static PromptLibrary BuiltInOnly { get; } = new(_ => [], Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance);

    /// <summary>The prompts for work in a workspace: its own count there, and nowhere else.</summary>
    /// <param name="roots">Full paths of the workspace's folders; empty where there is none.</param>
    internal PromptLibrary For(ImmutableArray<string> roots) => new(findOverrideFolders, logger) { _told = _told, _workspace = roots.FirstOrDefault() };

    /// <summary>The prompt of a name out of <see cref="PromptNames"/>. A later folder's file wins over an earlier one's; one that cannot be used is logged and passed over.</summary>
    internal PromptTemplate Get(string name)
    {
        foreach (var folder in findOverrideFolders(_workspace).Reverse())
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
            // A link could bring any file of the machine into a prompt.
            PromptTemplate template = new FileInfo(path) switch
            {
                { LinkTarget: not null } => throw new FormatException("It is a link; a prompt is a file of its own."),
                { Length: > MostBytes } => throw new FormatException($"It is longer than {MostBytes:N0} bytes."),
                _ => Check(name, PromptTemplate.Parse(File.ReadAllText(path))),
            };
            _told.TryRemove(path, out _);
            return template;
        }
        catch (Exception problem) when (problem is FormatException or IOException or UnauthorizedAccessException)
        {
            if (!_told.TryGetValue(path, out var told) || told != problem.Message)
            {
                _told[path] = problem.Message;
                logger.LogWarning("The prompt file {Path} is not used: {Problem}", path, problem.Message);
            }

            return null;
        }
    }

    private static PromptTemplate Check(string name, PromptTemplate template)
    {
        var known = PromptNames.All[name];
        var unknown = template.Placeholders.Except(known);
        if (!unknown.IsEmpty)
        {
            throw new FormatException($"The prompt has no placeholder {string.Join(", ", unknown.Order(StringComparer.Ordinal))}; it has {string.Join(", ", known.Order(StringComparer.Ordinal))}.");
        }

        // What only shows when a template runs must show now, and not in the middle of somebody's work.
        template.Try(known);
        return template;
    }
}
