using System.CommandLine;
using GptOss.CodeAssist.Assistant;
using GptOss.CodeAssist.Cli.Engines;
using GptOss.CodeAssist.Cli.Verbs;
using GptOss.CodeAssist.Settings;
using Microsoft.Extensions.Logging;

namespace GptOss.CodeAssist.Cli;

/// <summary>Options that every verb understands.</summary>
internal sealed class GlobalOptions
{
    public Option<string?> Model { get; } = new("--model", "-m")
    {
        Description = "The model to use: a GGUF file or a name of `model list`; without it the one that `model use` chose, or the small C# model that comes with the program.",
        HelpName = "MODEL",
        Recursive = true,
    };

    /// <summary>The model that a command line or, without one there, the user has chosen; null for the starter.</summary>
    public string? FindModel(ParseResult parsed, CliEnvironment environment) => OpenSettings(parsed, environment).For(null).Get(SettingsSchema.Model);

    /// <summary>The settings, with what the command line says above all else; what is wrong with them goes to stderr.</summary>
    public SettingsStore OpenSettings(ParseResult parsed, CliEnvironment environment)
    {
        var store = environment.OpenSettings(ReadCommandLine(parsed));
        store.ProblemFound += problem => environment.Error.WriteLine($"Warning: {problem}");
        return store;
    }

    /// <summary>The settings that a command line can say.</summary>
    public SettingsLayer ReadCommandLine(ParseResult parsed)
    {
        // What has an option of its own counts more than what --set says of it.
        var values = ReadSet(parsed);
        if (parsed.GetValue(Model) is { } model)
        {
            values[SettingsSchema.Model.Key] = model;
        }

        if (parsed.GetValue(Engine) is { } engine)
        {
            values[SettingsSchema.Engine.Key] = engine;
        }

        if (parsed.GetValue(LogLevel) is { } level)
        {
            values[SettingsSchema.LogLevel.Key] = level.ToString();
        }

        if (parsed.GetValue(Trust) is { } trust)
        {
            values[SettingsSchema.Trust.Key] = trust;
        }

        return new SettingsLayer(SettingsOrigin.CommandLine, values, []);
    }

    /// <summary>Settings for this call alone.</summary>
    public Option<string[]> Set { get; } = new("--set")
    {
        Description = "A setting for this call alone, for instance --set gpuLayers=20; may be repeated. `config show` lists them.",
        HelpName = "KEY=VALUE",
        Recursive = true,
    };

    public Option<string?> Engine { get; } = CreateEngine();

    public Option<LogLevel?> LogLevel { get; } = new("--log-level")
    {
        Description = "How much is written to stderr: Trace, Debug, Information, Warning, Error or None.",
        HelpName = "LEVEL",
        Recursive = true,
    };

    /// <summary>For the verbs that look into a solution; each adds it itself.</summary>
    public Option<string?> Trust { get; } = CreateTrust();

    /// <summary>For the verbs that answer something; each adds it itself.</summary>
    public Option<bool> Json { get; } = new("--json") { Description = "Answer as one JSON object." };

    /// <summary>The folders that MSBuild may load, as the settings have it and as the person decided earlier.</summary>
    public static FolderTrust ReadTrust(SettingsStore settings, CliEnvironment environment, ILogger logger) =>
        new(() => Enum.Parse<TrustPolicy>(settings.For(null).Get(SettingsSchema.Trust), ignoreCase: true), environment.TrustFile, logger);

    /// <exception cref="CommandFailure">What --set says is no setting, or not one of its values: whoever asks for one call wants to have it.</exception>
    private Dictionary<string, object> ReadSet(ParseResult parsed)
    {
        var values = new Dictionary<string, object>(StringComparer.Ordinal);
        foreach (var text in parsed.GetValue(Set) ?? [])
        {
            var sign = text.IndexOf('=', StringComparison.Ordinal);
            if (sign <= 0)
            {
                throw CommandFailure.Usage($"--set wants KEY=VALUE, for instance --set gpuLayers=20, not '{text}'.");
            }

            foreach (var (key, value) in SettingArgument.Read(text[..sign], text[(sign + 1)..], "").Layer.Values)
            {
                values[key] = value;
            }
        }

        return values;
    }

    private static Option<string?> CreateEngine()
    {
        var option = new Option<string?>("--engine")
        {
            Description = "Where the model runs: `shared` in the process that all editors share, `embedded` in this one, `auto` shared for editors where the model is worth it, or at a model server of your own, whose address this is and whose model --model then names. Without it what the setting engine says.",
            HelpName = "WHERE",
            Recursive = true,
        };
        option.CompletionSources.Add(EngineSelection.Auto, EngineSelection.Embedded, EngineSelection.Shared);
        return option;
    }

    private static Option<string?> CreateTrust()
    {
        var option = new Option<string?>("--trust")
        {
            Description = "Whether MSBuild may load projects, which runs code of the repository's build: ask (the default: editors ask once a folder), always or never.",
            HelpName = "WHEN",
        };
        option.AcceptOnlyFromAmong("ask", "always", "never");
        return option;
    }
}
