using GptOss.CodeAssist.Harmony;

namespace GptOss.CodeAssist.Assistant.Turns;

/// <summary>Efforts in the model's words.</summary>
internal static class Efforts
{
    public static ReasoningEffort? ToHarmony(this Effort? effort) => effort switch
    {
        null => null,
        Effort.Low => ReasoningEffort.Low,
        Effort.High => ReasoningEffort.High,
        _ => ReasoningEffort.Medium,
    };
}
