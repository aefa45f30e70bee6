using System.Collections.Immutable;
using Microsoft.CodeAnalysis.Text;

namespace GptOss.CodeAssist.CSharpContext.Gate;

/// <summary>A text that a model proposes.</summary>
/// <param name="Replaced">The span of the document that the text replaces; empty at the caret, longer where it covers closers that the editor inserted.</param>
/// <param name="Text">The proposed text.</param>
public sealed record GateCandidate(TextSpan Replaced, string Text)
{
    /// <summary>Namespaces that are imported where the text is taken.</summary>
    public ImmutableArray<string> Usings { get; init; } = [];
}
