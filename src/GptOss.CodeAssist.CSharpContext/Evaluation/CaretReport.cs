namespace GptOss.CodeAssist.CSharpContext.Evaluation;

/// <summary>The lists of names that may stand at a place, against the names that really stand there.</summary>
/// <param name="Asked">Names after <c>.</c> or <c>new</c> in true text that compiles.</param>
/// <param name="Listed">For how many of them, in percent, there was a list; where not, anything may be written.</param>
/// <param name="Wrong">Lists, in percent, without the name that stands there; they would have kept a model from the truth.</param>
/// <param name="WrongAt">Their places.</param>
/// <param name="NamesTime">Time to make a list, or to find that there is none, in ms.</param>
/// <param name="FactsTime">Time to find the expected type, what is in scope and what is missing, in ms.</param>
public sealed record CaretReport(int Asked, double Listed, double Wrong, IReadOnlyList<string> WrongAt, Percentiles NamesTime, Percentiles FactsTime);
