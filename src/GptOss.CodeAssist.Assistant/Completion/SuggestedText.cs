using System.Collections.Immutable;

namespace GptOss.CodeAssist.Assistant.Completion;

/// <summary>A text that was suggested once.</summary>
/// <param name="Text">What would be inserted.</param>
/// <param name="Usings">Namespaces that the file does not import yet and the text needs.</param>
internal sealed record SuggestedText(string Text, ImmutableArray<string> Usings);
