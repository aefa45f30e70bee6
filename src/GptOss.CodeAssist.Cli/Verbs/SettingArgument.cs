using GptOss.CodeAssist.Settings;

namespace GptOss.CodeAssist.Cli.Verbs;

/// <summary>A setting and its value as a person writes them on a command line.</summary>
internal static class SettingArgument
{
    /// <summary>Reads and checks one.</summary>
    /// <param name="consequence">A sentence about what a bad value means here; empty for none.</param>
    /// <exception cref="CommandFailure">There is no such setting, or the value is none of its own.</exception>
    public static (Setting Setting, SettingsLayer Layer) Read(string key, string text, string consequence)
    {
        if (SettingsSchema.Find(key) is not { } setting)
        {
            throw CommandFailure.Usage($"There is no setting {key}{SettingsLayer.Suggest(key)}; `gptoss-codeassist config show` lists them.");
        }

        var layer = SettingsLayer.ReadOne(key, text, SettingsOrigin.CommandLine);
        return layer.Problems.IsEmpty ? (setting, layer) : throw CommandFailure.Usage($"{key} cannot be {text}: it wants {setting.Expected}. {consequence}".TrimEnd());
    }
}
