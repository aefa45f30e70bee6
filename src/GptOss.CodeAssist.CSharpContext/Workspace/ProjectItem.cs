namespace GptOss.CodeAssist.CSharpContext.Workspace;

/// <summary>One item of a project file.</summary>
/// <param name="Type">For instance <c>Compile</c>.</param>
/// <param name="Operation"><c>Include</c>, <c>Remove</c> or <c>Update</c>.</param>
/// <param name="Value">The path or pattern, or the name.</param>
/// <param name="Folder">Folder of the file that says so.</param>
/// <param name="Metadata">Attributes and child elements, by name.</param>
internal sealed record ProjectItem(string Type, string Operation, string Value, string Folder, IReadOnlyDictionary<string, string> Metadata);
