using GptOss.CodeAssist.Assistant;
using GptOss.CodeAssist.Rpc;

namespace GptOss.CodeAssist.Server;

/// <summary>Reasoning efforts as the protocol spells them.</summary>
internal static class EffortNames
{
    /// <summary>Null for null: the prompt decides.</summary>
    /// <exception cref="RequestFailedException">There is no such effort.</exception>
    public static Effort? Read(string? name) => name switch
    {
        null => null,
        "low" => Effort.Low,
        "medium" => Effort.Medium,
        "high" => Effort.High,
        _ => throw new RequestFailedException(RequestErrorCode.InvalidParams, $"There is no effort \"{name}\": it is low, medium or high."),
    };
}
