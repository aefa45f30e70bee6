namespace GptOss.CodeAssist.Protocol;

/// <summary>What kinds of code actions the server has.</summary>
public sealed record CodeActionOptions
{
    public required IReadOnlyList<string> CodeActionKinds { get; init; }
    public required bool ResolveProvider { get; init; }
}
