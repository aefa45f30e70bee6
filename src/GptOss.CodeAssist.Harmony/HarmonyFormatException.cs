namespace GptOss.CodeAssist.Harmony;

/// <summary>A strict parser met something that the format does not allow.</summary>
public sealed class HarmonyFormatException(string message) : Exception(message);
