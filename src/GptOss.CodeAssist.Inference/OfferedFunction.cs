namespace GptOss.CodeAssist.Inference;

/// <summary>A function that a model may call.</summary>
/// <param name="Name">Without a namespace.</param>
/// <param name="Description">What it does, one or several lines.</param>
/// <param name="Parameters">The JSON schema of its one argument, an object; null where it takes none.</param>
public sealed record OfferedFunction(string Name, string Description, string? Parameters);
