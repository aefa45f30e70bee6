namespace GptOss.CodeAssist.Protocol;

/// <summary>The members of a code action that the editor resolves.</summary>
public sealed record CodeActionResolveSupport
{
    public required IReadOnlyList<string> Properties { get; init; }
}
