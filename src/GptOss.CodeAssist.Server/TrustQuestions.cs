using GptOss.CodeAssist.Assistant;
using GptOss.CodeAssist.Protocol;
using Microsoft.Extensions.Logging;

namespace GptOss.CodeAssist.Server;

/// <summary>Asks the person, once a folder, whether MSBuild may load its projects.</summary>
internal sealed class TrustQuestions : IDisposable
{
    public const string Trust = "Trust the folder";
    public const string Never = "Never for this folder";

    private readonly CSharpWorkspaces? _workspaces;
    private readonly PersonQuestions _questions;
    private readonly Session _session;
    private readonly ILogger _logger;

    public TrustQuestions(CSharpWorkspaces? workspaces, PersonQuestions questions, Session session, ILogger logger)
    {
        _workspaces = workspaces;
        _questions = questions;
        _session = session;
        _logger = logger;
        if (workspaces is not null)
        {
            workspaces.TrustWanted += OnWanted;
        }
    }

    public void Dispose()
    {
        if (_workspaces is not null)
        {
            _workspaces.TrustWanted -= OnWanted;
        }
    }

    private void OnWanted(string folder) => _ = AskAsync(_workspaces!, folder);

    private async Task AskAsync(CSharpWorkspaces workspaces, string folder)
    {
        try
        {
            var client = _session.Current.Client;
            if (!client.AsksPerson)
            {
                _logger.LogInformation("The projects of {Folder} are read from their files alone, because this editor cannot ask whether the folder is trusted; the setting trust: always lets MSBuild load them.", folder);
                return;
            }

            var question = $"Do you trust {folder}? In trusted folders MSBuild loads the projects, with generated code and the repository's own analyzers; that runs code of the repository, and its own prompts are used. Without it projects are read from their files alone.";
            var answer = await _questions.AskAsync(client, MessageType.Info, question, [Trust, Never], CancellationToken.None);
            if (answer is Trust or Never)
            {
                workspaces.Decide(folder, answer == Trust);
            }
        }
#pragma warning disable CA1031 // Nobody awaits a question: what breaks it is told by the log.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            _logger.LogError(failure, "Asking about the trust of a folder failed.");
        }
    }
}
