using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using GptOss.CodeAssist.Assistant.Completion.Habits;
using GptOss.CodeAssist.Cli.Evaluation;

namespace GptOss.CodeAssist.Cli.Showing;

/// <summary>The JSON that <c>--json</c> prints; programs read it, so that keys change only by addition.</summary>
[JsonSerializable(typeof(CompletionReport))]
[JsonSerializable(typeof(ActionReport))]
[JsonSerializable(typeof(ChatReport))]
[JsonSerializable(typeof(DoctorReport))]
[JsonSerializable(typeof(ContextReport))]
[JsonSerializable(typeof(DemoReport))]
[JsonSerializable(typeof(ConfigReport))]
[JsonSerializable(typeof(JsonObject))]
[JsonSerializable(typeof(ModelInfo))]
[JsonSerializable(typeof(ModelListing))]
[JsonSerializable(typeof(PullEvent))]
[JsonSerializable(typeof(System.Collections.Immutable.ImmutableArray<EngineDaemon.EngineReport>))]
[JsonSerializable(typeof(Measuring.BenchReport))]
[JsonSerializable(typeof(EvaluationFigures))]
[JsonSerializable(typeof(ActionListReport))]
[JsonSerializable(typeof(IReadOnlyList<CompletionCounts>))]
internal sealed partial class CliJson : JsonSerializerContext
{
    /// <summary>Code stays readable: quotes and angle brackets are not written as \u0022.</summary>
    public static CliJson Readable { get; } = new(new JsonSerializerOptions
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });

    /// <summary>One line an object, without members that say nothing.</summary>
    public static CliJson Compact { get; } = new(new JsonSerializerOptions
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });
}
