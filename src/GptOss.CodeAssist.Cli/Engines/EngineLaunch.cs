using System.Text.Json;
using GptOss.CodeAssist.EngineDaemon;

namespace GptOss.CodeAssist.Cli.Engines;

/// <summary>What an engine's process is told when it is started: its order, and what two programs may want otherwise and still share it.</summary>
/// <param name="IdleMinutes">How long it stays when nobody uses it.</param>
internal sealed record EngineLaunch(EngineOrder Order, int IdleMinutes)
{
    public void Write(EngineAddress address) => File.WriteAllText(address.OrderPath, JsonSerializer.Serialize(this, EngineJson.Default.EngineLaunch));

    /// <exception cref="CommandFailure">The file says nothing of the kind.</exception>
    public static EngineLaunch Read(string path)
    {
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllText(path), EngineJson.Default.EngineLaunch) is { Order: not null } launch ? launch : throw new JsonException("It has no order.");
        }
        catch (JsonException exception)
        {
            throw CommandFailure.Usage($"{path} is no order for an engine: {exception.Message} `gptoss-codeassist engine start` writes one.");
        }
    }
}
