using System.Text.Json.Nodes;

namespace GptOss.CodeAssist.TestSupport.Serving;

/// <summary>What a server's own chat streams. In a script <c>&lt;|think|&gt;</c> and <c>&lt;|call|&gt;</c> stand before thoughts and before a call, whose name and arguments follow as two pieces.</summary>
internal static class ServedChat
{
    public static IEnumerable<JsonNode> Speak(IEnumerable<ServedPiece> pieces)
    {
        var (mode, called) = ("content", false);
        foreach (var piece in pieces)
        {
            if (piece.IsSpecial)
            {
                mode = piece.Text switch { "<|think|>" => "reasoning", "<|call|>" => "name", _ => "content" };
                continue;
            }

            yield return mode switch
            {
                "name" => Delta(new JsonObject { ["tool_calls"] = new JsonArray(new JsonObject { ["index"] = 0, ["id"] = "c1", ["function"] = new JsonObject { ["name"] = piece.Text, ["arguments"] = "" } }) }),
                "arguments" => Delta(new JsonObject { ["tool_calls"] = new JsonArray(new JsonObject { ["index"] = 0, ["function"] = new JsonObject { ["arguments"] = piece.Text } }) }),
                _ => Delta(new JsonObject { [mode] = piece.Text }),
            };
            (mode, called) = mode == "name" ? ("arguments", true) : (mode, called);
        }

        yield return new JsonObject { ["choices"] = new JsonArray(new JsonObject { ["delta"] = new JsonObject(), ["finish_reason"] = called ? "tool_calls" : "stop" }) };
        yield return new JsonObject { ["choices"] = new JsonArray(), ["usage"] = new JsonObject { ["prompt_tokens"] = 50, ["completion_tokens"] = 5 } };
    }

    private static JsonObject Delta(JsonObject delta) => new() { ["choices"] = new JsonArray(new JsonObject { ["delta"] = delta, ["finish_reason"] = null }) };
}
