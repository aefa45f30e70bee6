namespace GptOss.CodeAssist.Cli.Evaluation;

/// <summary>Whether a file is as right with a completion as it was before.</summary>
/// <param name="Parses">It has no syntax error that it had not before.</param>
/// <param name="Binds">Nor has what was inserted more errors than what stood there.</param>
/// <param name="Ids">The errors that are there now, by the compiler's identifiers; empty where it is as right.</param>
internal sealed record NewErrors(bool Parses, bool Binds, string Ids);
