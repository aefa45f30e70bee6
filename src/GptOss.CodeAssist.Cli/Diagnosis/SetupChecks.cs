using System.Globalization;
using System.Text.Json;
using GptOss.CodeAssist.Cli.Showing;
using GptOss.CodeAssist.CSharpContext.Workspace;
using GptOss.CodeAssist.Inference;
using GptOss.CodeAssist.Inference.Llama.Gguf;
using GptOss.CodeAssist.Settings;
using Microsoft.Extensions.Logging.Abstractions;

namespace GptOss.CodeAssist.Cli.Diagnosis;

/// <summary>What <c>doctor</c> looks at beside the machine and the model: settings, fetched models, logs, the workspace, editors.</summary>
internal static class SetupChecks
{
    private static readonly TimeSpan LoadPatience = TimeSpan.FromMinutes(2);

    public static DoctorCheck CheckSettings(SettingsStore store, string? folder)
    {
        var settings = store.For(folder);
        var problems = settings.Problems.ToList();
        var changed = SettingsSchema.All.Where(setting => settings.OriginOf(setting).Rank != SettingsRank.BuiltIn)
            .Select(setting => $"{setting.Key} = {settings.GetJson(setting)?.ToJsonString()} ({JsonNamingPolicy.CamelCase.ConvertName(settings.OriginOf(setting).Rank.ToString())})").ToList();
        return problems.Count > 0
            ? DoctorCheck.Warn("settings", string.Join(" ", changed.Count == 0 ? problems : problems.Append($"What counts: {string.Join(", ", changed)}")))
            : DoctorCheck.Ok("settings", changed.Count == 0 ? $"all as built in; {store.UserFile} would change them" : string.Join(", ", changed));
    }

    /// <summary>Headers only: comparing all bytes takes as long as reading them, and is what <c>model verify</c> does.</summary>
    public static DoctorCheck CheckModels(CliEnvironment environment)
    {
        var store = ModelPath.StoreOf(environment);
        var models = store.List();
        foreach (var model in models)
        {
            try
            {
                GgufModel.Read(store.PathOf(model));
            }
            catch (InferenceException exception)
            {
                return DoctorCheck.Warn("models", exception.Message);
            }
        }

        return DoctorCheck.Ok("models", models.Count == 0
            ? $"none fetched; `gptoss-codeassist model pull gpt-oss-20b` would put one into {store.Folder}"
            : $"{string.Join(", ", models.Select(model => model.Name))} in {store.Folder}; `model verify` compares every byte");
    }

    public static DoctorCheck CheckLogs(CliEnvironment environment, SettingsStore store)
    {
        if (!store.For(null).Get(SettingsSchema.LogFile))
        {
            return DoctorCheck.Ok("logs", "no files, as log.file says; editors show the server's stderr");
        }

        var folder = ServerLog.FolderOf(environment);
        try
        {
            Directory.CreateDirectory(folder);
            var probe = Path.Combine(folder, $"doctor.{Environment.ProcessId}");
            File.WriteAllText(probe, "");
            File.Delete(probe);
            var files = Directory.GetFiles(folder, "*.jsonl");
            return DoctorCheck.Ok("logs", string.Create(CultureInfo.InvariantCulture, $"{files.Length} {(files.Length == 1 ? "file" : "files")} in {folder}"));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return DoctorCheck.Warn("logs", $"{folder} cannot be written ({exception.Message}), so that the server logs to stderr alone");
        }
    }

    /// <summary>Loads the projects around a folder as an editor's server does, without MSBuild.</summary>
    public static async Task<DoctorCheck> CheckWorkspaceAsync(CliEnvironment environment, string? folder, CancellationToken cancellationToken)
    {
        if (folder is null)
        {
            return DoctorCheck.Ok("workspace", "none here: no repository, solution or project above this folder; name one with --folder");
        }

        await using var workspace = CSharpWorkspace.Open([folder], new CSharpWorkspaceOptions(), NullLogger.Instance, environment.Time);
        try
        {
            await workspace.Loaded.WaitAsync(LoadPatience, environment.Time, cancellationToken);
        }
        catch (TimeoutException)
        {
            return DoctorCheck.Warn("workspace", $"the projects of {folder} were not read within {LoadPatience.TotalMinutes:F0} minutes; completion goes on with the open files alone until they are");
        }

        var problems = workspace.Degradations;
        var found = string.Create(CultureInfo.InvariantCulture, $"{workspace.Projects.Length} {(workspace.Projects.Length == 1 ? "project" : "projects")} in {folder}");
        return problems.IsEmpty && workspace.Projects.IsEmpty ? DoctorCheck.Ok("workspace", $"no C# projects in {folder}; files are completed by themselves")
            : problems.IsEmpty ? DoctorCheck.Ok("workspace", found)
            : DoctorCheck.Warn("workspace", $"{found}; {string.Join("; ", problems)}");
    }
}
