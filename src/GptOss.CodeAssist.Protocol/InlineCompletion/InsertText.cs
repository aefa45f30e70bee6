using System.Text.Json.Serialization;

namespace GptOss.CodeAssist.Protocol;

/// <summary>The text of an inline completion: plain, or a snippet with tab stops (<c>string | StringValue</c>).</summary>
/// <param name="Value">The text, or the snippet in the protocol's syntax.</param>
/// <param name="IsSnippet">Whether <paramref name="Value"/> is a snippet.</param>
[JsonConverter(typeof(InsertTextConverter))]
public sealed record InsertText(string Value, bool IsSnippet = false);
