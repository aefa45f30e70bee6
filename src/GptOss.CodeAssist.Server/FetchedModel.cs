namespace GptOss.CodeAssist.Server;

/// <summary>What came of fetching a model.</summary>
/// <param name="IsDone">Whether it is here now.</param>
/// <param name="Message">For a person: where it is, or why it is not.</param>
public sealed record FetchedModel(bool IsDone, string Message);
