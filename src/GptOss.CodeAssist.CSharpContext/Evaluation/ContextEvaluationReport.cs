namespace GptOss.CodeAssist.CSharpContext.Evaluation;

/// <summary>What an evaluation found. All rates in percent.</summary>
/// <param name="StatementRecall">Recall of needed, unseen project identifiers by budget in tokens, for single statements.</param>
/// <param name="BodyRecall">The same for member bodies.</param>
/// <param name="StatementsTried">Statements looked at.</param>
/// <param name="StatementsNeeding">Statements that need context.</param>
/// <param name="BodiesTried">Bodies looked at.</param>
/// <param name="BodiesNeeding">Bodies that need context.</param>
/// <param name="Latency">Time to find related code for typed keystrokes, parsing included, in ms.</param>
/// <param name="ColdLatency">The same for a caret that jumps into a member which nothing has looked at.</param>
/// <param name="FittingTime">Time to choose what of it is told in 2,048 tokens, in ms.</param>
/// <param name="SourceLatencies">The same for each source.</param>
/// <param name="CommonPrefix">Share of a context that the context before it begins with, between keystrokes.</param>
/// <param name="Gate">The gate's figures.</param>
/// <param name="Caret">The figures of the lists of names.</param>
/// <param name="LoadMilliseconds">Until the project files were read.</param>
/// <param name="IndexMilliseconds">Until every file was indexed.</param>
/// <param name="MemoryMegabytes">Resident memory of the process at the end, in MB.</param>
/// <param name="Lines">Lines of C# in the workspace.</param>
/// <param name="Degradations">What could not be loaded.</param>
public sealed record ContextEvaluationReport(
    IReadOnlyDictionary<int, double> StatementRecall,
    IReadOnlyDictionary<int, double> BodyRecall,
    int StatementsTried,
    int StatementsNeeding,
    int BodiesTried,
    int BodiesNeeding,
    Percentiles Latency,
    Percentiles ColdLatency,
    Percentiles FittingTime,
    IReadOnlyDictionary<string, Percentiles> SourceLatencies,
    double CommonPrefix,
    GateReport Gate,
    CaretReport Caret,
    double LoadMilliseconds,
    double IndexMilliseconds,
    double MemoryMegabytes,
    int Lines,
    IReadOnlyList<string> Degradations);
