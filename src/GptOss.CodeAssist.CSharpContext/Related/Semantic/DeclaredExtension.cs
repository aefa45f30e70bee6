namespace GptOss.CodeAssist.CSharpContext.Related.Semantic;

/// <summary>An extension method in a file.</summary>
/// <param name="Receiver">The simple name of the type it extends.</param>
/// <param name="Name">Its name.</param>
/// <param name="Signature">Its signature as it is written.</param>
/// <param name="Path">The file.</param>
internal sealed record DeclaredExtension(string Receiver, string Name, string Signature, string Path);
