namespace GptOss.CodeAssist.Protocol;

/// <summary>What an editor knows about the place, and which kinds it wants.</summary>
public sealed record CodeActionContext
{
    /// <summary>The <see cref="TriggerKind"/> of an editor that asks by itself, at every move of the caret.</summary>
    public const int Automatic = 2;

    public required IReadOnlyList<Diagnostic> Diagnostics { get; init; }

    /// <summary>Kinds, of which the sub-kinds count too; absent wants all.</summary>
    public IReadOnlyList<string>? Only { get; init; }

    /// <summary>1 a person asked, 2 the editor by itself; absent in older editors.</summary>
    public int? TriggerKind { get; init; }
}
