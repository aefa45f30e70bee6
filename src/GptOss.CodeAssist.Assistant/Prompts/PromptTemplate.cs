using System.Collections.Immutable;
using System.Globalization;
using System.Text.RegularExpressions;
using Fluid;
using GptOss.CodeAssist.Harmony;

namespace GptOss.CodeAssist.Assistant.Prompts;

/// <summary>One prompt: the settings of its front matter, and a template whose placeholders are filled with texts.</summary>
internal sealed partial class PromptTemplate
{
    private static readonly FluidParser Parser = new();
    private static readonly TemplateOptions Strict = new() { StrictVariables = true };
    private readonly IFluidTemplate _template;

    private PromptTemplate(IFluidTemplate template, string role, string body)
    {
        _template = template;
        Role = role;
        Placeholders = [.. PlaceholderUse().Matches(body).Select(use => use.Groups["name"].Value)];
        Optional = [.. PlaceholderUse().Matches(body).Where(use => use.Groups["condition"].Success).Select(use => use.Groups["name"].Value)];
    }

    /// <summary><c>developer</c>, <c>user</c> or <c>task</c>.</summary>
    public string Role { get; }

    public ReasoningEffort Effort { get; private init; } = ReasoningEffort.Medium;

    /// <summary>Most tokens of the answer, reasoning included.</summary>
    public int MaxTokens { get; private init; } = 4096;

    public float Temperature { get; private init; }

    public ImmutableArray<string> Stops { get; private init; } = [];

    /// <summary>The names that the template uses.</summary>
    public ImmutableHashSet<string> Placeholders { get; }

    /// <summary>Those of <see cref="Placeholders"/> that a condition asks for: the others need a value.</summary>
    public ImmutableHashSet<string> Optional { get; }

    /// <summary>Reads a prompt file.</summary>
    /// <exception cref="FormatException">The front matter or the template is wrong; the message says how.</exception>
    public static PromptTemplate Parse(string text)
    {
        var match = FrontMatter().Match(text.ReplaceLineEndings("\n"));
        if (!match.Success)
        {
            throw new FormatException("The file must begin with front matter: settings between two lines of ---.");
        }

        var body = match.Groups["body"].Value.TrimEnd('\n');
        if (!Parser.TryParse(body, out var template, out var error))
        {
            throw new FormatException($"The template cannot be read: {error}");
        }

        if (TemplateRules.FindForbidden(template) is { } forbidden)
        {
            throw new FormatException($"A prompt fills in values and asks conditions; {forbidden} cannot be used in it.");
        }

        var settings = ReadSettings(match.Groups["settings"].Value);
        var role = settings.GetValueOrDefault("role") ?? throw new FormatException("The front matter lacks a role.");
        if (role is not ("developer" or "user" or "task"))
        {
            throw new FormatException($"There is no role \"{role}\": it is developer, user or task.");
        }

        return new PromptTemplate(template, role, body)
        {
            Effort = settings.TryGetValue("effort", out var effort) ? ReadEffort(effort) : ReasoningEffort.Medium,
            MaxTokens = settings.TryGetValue("max_tokens", out var tokens) ? (int)ReadNumber("max_tokens", tokens, 1, 131072) : 4096,
            Temperature = settings.TryGetValue("temperature", out var temperature) ? (float)ReadNumber("temperature", temperature, 0, 5) : 0,
            Stops = [.. settings.GetValueOrDefault("stops", "").Split(' ', StringSplitOptions.RemoveEmptyEntries)],
        };
    }

    /// <summary>The text with its placeholders filled. Values are never read as templates.</summary>
    /// <param name="values">Null values count as absent in conditions.</param>
    /// <exception cref="FluidException">The template uses a name that is not there.</exception>
    /// <exception cref="ArgumentException">A name that the template writes out has no value.</exception>
    public string Render(IReadOnlyDictionary<string, string?> values)
    {
        var context = new TemplateContext(Strict);
        foreach (var (name, value) in values)
        {
            if (value is null && Placeholders.Contains(name) && !Optional.Contains(name))
            {
                throw new ArgumentException($"The placeholder {name} needs a value.", nameof(values));
            }

            context.SetValue(name, value is null ? Fluid.Values.BooleanValue.False : Fluid.Values.StringValue.Create(value));
        }

        return _template.Render(context);
    }

    /// <summary>Renders with and without the optional values.</summary>
    /// <exception cref="FormatException">It cannot be rendered; the message says why.</exception>
    public void Try(IEnumerable<string> names)
    {
        try
        {
            Render(names.ToDictionary(name => name, string? (name) => name));
            Render(names.ToDictionary(name => name, name => Optional.Contains(name) ? null : name));
        }
        catch (Exception problem) when (problem is FluidException or InvalidOperationException)
        {
            throw new FormatException($"The template cannot be rendered: {problem.Message}");
        }
    }

    private static Dictionary<string, string> ReadSettings(string lines)
    {
        var settings = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var line in lines.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            var key = colon < 0 ? line : line[..colon].TrimEnd();
            if (colon < 0 || key is not ("role" or "effort" or "max_tokens" or "temperature" or "stops"))
            {
                throw new FormatException($"The front matter has no setting \"{key}\".");
            }

            settings[key] = line[(colon + 1)..].Trim();
        }

        return settings;
    }

    private static ReasoningEffort ReadEffort(string value) => value switch
    {
        "low" => ReasoningEffort.Low,
        "medium" => ReasoningEffort.Medium,
        "high" => ReasoningEffort.High,
        _ => throw new FormatException($"There is no effort \"{value}\": it is low, medium or high."),
    };

    private static double ReadNumber(string name, string value, double least, double most) =>
        double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most
            ? number
            : throw new FormatException(string.Create(CultureInfo.InvariantCulture, $"{name} must be a number from {least} to {most}, not \"{value}\"."));

    [GeneratedRegex(@"\A---\n(?<settings>.*?)^---\n(?<body>.*)\z", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex FrontMatter();

    [GeneratedRegex(@"(\{\{-?|\{%-?\s*(?<condition>if|elsif|unless))\s*(?<name>[a-z_]+)")]
    private static partial Regex PlaceholderUse();
}
