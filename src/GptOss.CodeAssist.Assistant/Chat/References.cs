using System.Text;
using System.Text.RegularExpressions;
using GptOss.CodeAssist.CSharpContext.Queries;
using GptOss.CodeAssist.CSharpContext.Workspace;
using GptOss.CodeAssist.Inference;

namespace GptOss.CodeAssist.Assistant.Chat;

/// <summary>Turns the references of a message into the texts they stand for.</summary>
internal sealed partial class References(IInferenceEngine engine, CodeQueries? queries, Action<ChatEvent> onEvent)
{
    private const string SecretFile = "its name says that it holds secrets, which no prompt may have.";
    private readonly StringBuilder _text = new();
    private int _tokensLeft;

    /// <summary>The texts, each under a line that says what it is; null where the message refers to nothing.</summary>
    public async Task<string?> ResolveAsync(ChatRequest request, int maxTokens, CancellationToken cancellationToken)
    {
        _tokensLeft = maxTokens;
        foreach (var attached in request.Attachments)
        {
            if (IsSecret(attached.Path))
            {
                onEvent(new ChatEvent.Notice($"{Path.GetFileName(attached.Path)} was left out: {SecretFile}"));
                continue;
            }

            await AddAsync($"File {Path.GetFileName(attached.Path)}", attached.Text.ToString(), cancellationToken);
        }

        foreach (var match in Reference().Matches(request.Message).DistinctBy(match => match.Value))
        {
            var (title, body) = await FindAsync(request, match, cancellationToken);
            if (body is null)
            {
                onEvent(new ChatEvent.Notice($"{match.Value} was not found: {title}"));
            }
            else
            {
                await AddAsync(title, body, cancellationToken);
            }
        }

        return _text.Length > 0 ? _text.ToString().TrimEnd('\n') : null;
    }

    private async Task<(string Title, string? Body)> FindAsync(ChatRequest request, Match match, CancellationToken cancellationToken)
    {
        var name = match.Groups["name"].Value;
        switch (match.Groups["kind"].Value)
        {
            case "selection" when request.Document is not { } document || request.Selection.IsEmpty || request.Selection.End > document.Text.Length:
                return ("nothing is selected.", null);
            case "selection" when IsSecret(request.Document.Path):
                return (SecretFile, null);
            case "selection":
                return ($"Selection in {Path.GetFileName(request.Document.Path)}", request.Document.Text.ToString(request.Selection));
            case "file":
                return await FindFileAsync(request, name, cancellationToken);
            case "symbol" when queries is not null:
                var source = await queries.ReadSymbolAsync(name, cancellationToken);
                return source.StartsWith("// ", StringComparison.Ordinal) ? ($"Symbol {name}", source) : (source, null);
            case "diagnostics" when queries is not null:
                return ("Diagnostics", await queries.DiagnosticsAsync(request.Document?.Path, 60, cancellationToken));
            default:
                return ("no solution is loaded.", null);
        }
    }

    private async Task<(string Title, string? Body)> FindFileAsync(ChatRequest request, string name, CancellationToken cancellationToken)
    {
        if (IsSecret(name))
        {
            return (SecretFile, null);
        }

        var wanted = name.Replace('\\', '/');
        var open = request.OpenDocuments.Where(document => document.Path == name || ('/' + document.Path.Replace('\\', '/')).EndsWith('/' + wanted, StringComparison.OrdinalIgnoreCase)).ToArray();
        if (open.Length == 1)
        {
            return ($"File {name}", open[0].Text.ToString());
        }

        return queries is not null && await queries.FindTextAsync(name, cancellationToken) is { } text
            ? ($"File {name}", text.ToString())
            : ("it is neither open nor a file of the workspace that may be read.", null);
    }

    private static bool IsSecret(string path) => WorkspaceFileFilter.IsSecret(path);

    private async Task AddAsync(string title, string body, CancellationToken cancellationToken)
    {
        var fitting = await TokenBudget.CutAsync(engine, body, _tokensLeft, cancellationToken);
        if (fitting.Length < body.Length)
        {
            onEvent(new ChatEvent.Notice($"{title} is too long and was cut."));
        }

        _tokensLeft -= await engine.CountTokensAsync(fitting, cancellationToken);
        _text.Append(title).Append(":\n```\n").Append(fitting.TrimEnd('\n')).Append("\n```\n");
    }

    [GeneratedRegex(@"(?<![\w#])#(?:(?<kind>file|symbol):(?<name>[^\s,;)]*[^\s,;).?!])|(?<kind>selection|diagnostics)\b)")]
    private static partial Regex Reference();
}
