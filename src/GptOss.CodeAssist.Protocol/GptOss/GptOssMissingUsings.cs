namespace GptOss.CodeAssist.Protocol;

/// <summary>The second argument of <c>gptOss.didAcceptCompletion</c>, where the text that was taken needs namespaces that its file does not import.</summary>
public sealed record GptOssMissingUsings
{
    public required TextDocumentIdentifier TextDocument { get; init; }

    /// <summary>For instance <c>System.Text</c>.</summary>
    public required IReadOnlyList<string> Namespaces { get; init; }
}
