using System.Text.Json.Nodes;
using GptOss.CodeAssist.CSharpContext;
using Microsoft.Extensions.Logging;

namespace GptOss.CodeAssist.Assistant;

/// <summary>The folders whose build code may run, as the setting has it, or as the person decided once for each.</summary>
/// <remarks>May be used from any thread. Decisions are kept in one file of the user's, never in the folder itself: a repository must not vouch for itself.</remarks>
/// <param name="findPolicy">The setting as it is now.</param>
/// <param name="file">Where decisions are kept, full path; null keeps them for this process only.</param>
public sealed class FolderTrust(Func<TrustPolicy> findPolicy, string? file, ILogger logger)
{
    private readonly Lock _lock = new();
    private Dictionary<string, bool>? _decisions;

    /// <summary>Whether a folder is trusted; null while nobody has decided.</summary>
    /// <param name="folder">Full path.</param>
    public bool? Find(string folder)
    {
        var policy = findPolicy();
        if (policy != TrustPolicy.Ask)
        {
            return policy == TrustPolicy.Always;
        }

        lock (_lock)
        {
            return (_decisions ??= Read()).TryGetValue(folder, out var decided) ? decided : null;
        }
    }

    /// <summary>The person decided about a folder.</summary>
    public void Decide(string folder, bool isTrusted)
    {
        lock (_lock)
        {
            // Another process may have written since.
            _decisions = Read();
            _decisions[folder] = isTrusted;
            Write(_decisions);
        }
    }

    private Dictionary<string, bool> Read()
    {
        var decisions = new Dictionary<string, bool>(CompiledProject.PathComparer);
        try
        {
            if (file is not null && File.Exists(file) && JsonNode.Parse(File.ReadAllText(file)) is JsonObject known)
            {
                foreach (var (folder, decided) in known)
                {
                    if (decided is JsonValue value && value.TryGetValue<bool>(out var isTrusted))
                    {
                        decisions[folder] = isTrusted;
                    }
                }
            }
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException or System.Text.Json.JsonException)
        {
            logger.LogWarning("What folders are trusted cannot be read from {File}, so they are asked about again: {Problem}", file, problem.Message);
        }

        return _decisions is null ? decisions : decisions.Concat(_decisions.Where(known => !decisions.ContainsKey(known.Key))).ToDictionary(CompiledProject.PathComparer);
    }

    private void Write(Dictionary<string, bool> decisions)
    {
        if (file is null)
        {
            return;
        }

        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            var written = $"{file}.{Environment.ProcessId}";
            File.WriteAllText(written, new JsonObject(decisions.Select(decision => KeyValuePair.Create<string, JsonNode?>(decision.Key, decision.Value))).ToString());
            File.Move(written, file, overwrite: true);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            logger.LogWarning("The decision about a folder is forgotten when this process ends, because {File} cannot be written: {Problem}", file, problem.Message);
        }
    }
}
