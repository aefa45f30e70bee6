namespace GptOss.CodeAssist.Models;

/// <summary>A model cannot be had; the message is one line for a person that says what to do next.</summary>
public sealed class ModelException(string message, Exception? inner = null) : Exception(message, inner);
