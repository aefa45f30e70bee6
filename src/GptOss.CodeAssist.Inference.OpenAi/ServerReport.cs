namespace GptOss.CodeAssist.Inference.OpenAi;

/// <summary>What a model server turned out to be, for people.</summary>
/// <param name="Server">Its name and version, as far as it says.</param>
/// <param name="Model">The model's name at the server.</param>
/// <param name="Works">What it is used for and how, one sentence.</param>
public sealed record ServerReport(string Server, string Model, string Works);
