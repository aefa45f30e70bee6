namespace GptOss.CodeAssist.Server;

/// <summary>Fetches a model from the Hub, as <c>model pull</c> does. What was fetched before a cancellation is kept for the next time.</summary>
/// <param name="model">A known model's name, or <c>OWNER/REPO:FILE</c>.</param>
/// <param name="onProgress">Told what is done, and how far it is, between 0 and 100.</param>
public delegate Task<FetchedModel> ModelFetching(string model, Action<string, int> onProgress, CancellationToken cancellationToken);
