namespace GptOss.CodeAssist.Server.Testing;

/// <summary>The server answered a request with an error.</summary>
public sealed class LspErrorException(int code, string message) : Exception($"{code}: {message}")
{
    public int Code { get; } = code;
}
