namespace GptOss.CodeAssist.Protocol;

/// <summary>A message without parameters; whatever is sent is ignored.</summary>
public sealed record NoParams;
