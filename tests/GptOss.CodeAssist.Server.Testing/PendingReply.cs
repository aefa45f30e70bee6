using System.Text.Json;

namespace GptOss.CodeAssist.Server.Testing;

/// <summary>A request that was sent.</summary>
public sealed record PendingReply(int Id, Task<JsonElement> Result);
