namespace GptOss.CodeAssist.Rpc;

/// <summary>Why a connection is over.</summary>
/// <param name="Kind">The kind of end.</param>
/// <param name="Explanation">One sentence for the log.</param>
public sealed record ConnectionEnd(ConnectionEndKind Kind, string Explanation);
