using Microsoft.CodeAnalysis.Text;

namespace GptOss.CodeAssist.Assistant;

/// <summary>An open document as an editor shows it, at one version.</summary>
/// <param name="Path">Full path of the file, or a made-up path for one never saved.</param>
/// <param name="LanguageId">The editor's language identifier, for instance <c>csharp</c>.</param>
/// <param name="Version">The editor's version number.</param>
/// <param name="Text">The whole text; offsets are UTF-16 units.</param>
public sealed record DocumentSnapshot(string Path, string LanguageId, int Version, SourceText Text);
