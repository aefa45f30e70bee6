using GptOss.CodeAssist.Models;
using GptOss.CodeAssist.Settings;

namespace GptOss.CodeAssist.Cli;

/// <summary>Finds the model that a person named, before a verb spends time on it.</summary>
internal static class ModelPath
{
    /// <summary>The name of the model that comes with the program.</summary>
    public const string Starter = "starter";

    /// <summary>The file of the model named <paramref name="choice"/>: a path, a name of `model list`, or null for the starter.</summary>
    /// <returns>A full path.</returns>
    /// <exception cref="CommandFailure">It names no file.</exception>
    public static string Check(CliEnvironment environment, string? choice)
    {
        var path = Resolve(environment, choice);
        if (Directory.Exists(path))
        {
            throw CommandFailure.Usage($"{choice} is a folder; name the .gguf file in it, or leave --model out to use the model that comes with the program.");
        }

        if (choice is null or Starter || File.Exists(path))
        {
            return path;
        }

        throw CommandFailure.Usage(KnownModels.Find(choice) is { } known
            ? $"{known.Name} is not here yet; `gptoss-codeassist model pull {known.Name}` fetches it ({known.Files.Sum(file => file.Bytes) / 1_000_000_000} GB)."
            : $"There is no model {choice}; check the path, fetch one with `gptoss-codeassist model pull`, or go back to the one that comes with the program: `gptoss-codeassist model use starter`.");
    }

    /// <summary>The file that an engine is to load. Where a server has the model nothing is loaded, and what is chosen here does not matter.</summary>
    /// <inheritdoc cref="Check" path="/exception"/>
    public static string CheckForEngine(CliEnvironment environment, string? choice) => environment.FindModelServer() is null ? Check(environment, choice) : StarterOf(environment);

    /// <summary>As <see cref="Check"/>, for whoever goes on without a model: a path that may name no file.</summary>
    public static string Resolve(CliEnvironment environment, string? choice) => choice is null or Starter
        ? StarterOf(environment)
        : !Path.Exists(choice) && StoreOf(environment) is var store && store.Find(choice) is { } stored
            ? store.PathOf(stored)
            : Path.GetFullPath(choice);

    public static string StarterOf(CliEnvironment environment) => Path.Combine(environment.ProgramFolder, "models", "starter.gguf");

    public static ModelStore StoreOf(CliEnvironment environment) => new(environment.OpenSettings().For(null).Get(SettingsSchema.ModelsFolder) is { } folder
        ? Path.GetFullPath(folder, environment.ConfigFolder)
        : Path.Combine(environment.DataFolder, "models"));
}
