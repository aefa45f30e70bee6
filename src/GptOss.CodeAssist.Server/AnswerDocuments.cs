using GptOss.CodeAssist.Protocol;
using GptOss.CodeAssist.Rpc;

namespace GptOss.CodeAssist.Server;

/// <summary>Writes answers as Markdown documents, and opens them in editors that can show one.</summary>
/// <remarks>The files lie in a folder that only this user can read, and are gone with the connection.</remarks>
internal sealed class AnswerDocuments(RpcConnection connection) : IDisposable
{
    private readonly Lock _lock = new();
    private DirectoryInfo? _folder;
    private int _lastNumber;

    /// <summary>Opens an answer; does nothing in editors that cannot.</summary>
    public async Task ShowAsync(ClientProfile client, string markdown, CancellationToken cancellationToken)
    {
        if (client.ShowsDocuments)
        {
            var path = await WriteAsync(markdown, cancellationToken);
            await connection.TryRequestAsync("window/showDocument", new ShowDocumentParams { Uri = new Uri(path).AbsoluteUri }, ProtocolJson.Default.ShowDocumentParams, cancellationToken);
        }
    }

    /// <summary>The full path of a file that holds an answer while the connection lasts.</summary>
    public async Task<string> WriteAsync(string markdown, CancellationToken cancellationToken)
    {
        var path = NextPath();
        await File.WriteAllTextAsync(path, markdown, cancellationToken);
        return path;
    }

    public void Dispose()
    {
        try
        {
            _folder?.Delete(recursive: true);
        }
        catch (IOException)
        {
            // An editor may hold a file open; the system clears its temporary folder by itself.
        }
    }

    private string NextPath()
    {
        lock (_lock)
        {
            _folder ??= Directory.CreateTempSubdirectory("gptoss-answers-");
            return Path.Combine(_folder.FullName, $"answer-{++_lastNumber}.md");
        }
    }
}
