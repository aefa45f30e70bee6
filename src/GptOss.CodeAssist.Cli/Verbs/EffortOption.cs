using System.CommandLine;
using GptOss.CodeAssist.Assistant;

namespace GptOss.CodeAssist.Cli.Verbs;

/// <summary><c>--effort</c>: how long the model thinks.</summary>
internal static class EffortOption
{
    public static Option<string?> Create()
    {
        var option = new Option<string?>("--effort") { Description = "How long the model thinks: low, medium or high." };
        option.AcceptOnlyFromAmong("low", "medium", "high");
        return option;
    }

    /// <summary>Null for what is none of the three.</summary>
    public static Effort? Find(string? name) => name switch
    {
        "low" => Effort.Low,
        "medium" => Effort.Medium,
        "high" => Effort.High,
        _ => null,
    };
}
