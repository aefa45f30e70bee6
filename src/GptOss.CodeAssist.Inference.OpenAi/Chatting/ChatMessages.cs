using System.Text.Json.Nodes;
using GptOss.CodeAssist.Harmony;

namespace GptOss.CodeAssist.Inference.OpenAi.Chatting;

/// <summary>A conversation as <c>/v1/chat/completions</c> wants it.</summary>
internal static class ChatMessages
{
    public static JsonArray Write(HarmonyPrompt prompt)
    {
        var messages = new JsonArray();
        if (prompt.Instructions.Length > 0)
        {
            messages.Add(Message("system", prompt.Instructions));
        }

        var (reasoning, calls) = ("", 0);
        foreach (var message in prompt.Messages)
        {
            var text = message.TextContent;
            switch (message.Header)
            {
                case { Role: HarmonyRole.User }:
                    messages.Add(Message("user", text));
                    break;
                case { Role: HarmonyRole.Tool }:
                    messages.Add(new JsonObject { ["role"] = "tool", ["tool_call_id"] = CallId(calls), ["content"] = text });
                    break;
                case { Role: HarmonyRole.Assistant, Kind: HarmonyContentKind.Reasoning }:
                    reasoning += text;
                    break;
                case { Role: HarmonyRole.Assistant, Kind: HarmonyContentKind.ToolCall }:
                    var call = new JsonObject
                    {
                        ["id"] = CallId(++calls),
                        ["type"] = "function",
                        ["function"] = new JsonObject { ["name"] = BareName(message.Header.Recipient!), ["arguments"] = text.Length > 0 ? text : "{}" },
                    };
                    messages.Add(WithReasoning(new JsonObject { ["role"] = "assistant", ["content"] = "", ["tool_calls"] = new JsonArray(call) }));
                    break;
                case { Role: HarmonyRole.Assistant }:
                    messages.Add(WithReasoning(Message("assistant", text)));
                    break;
            }
        }

        return messages;

        // A model that calls functions loses its thread where its thoughts are not given back.
        JsonObject WithReasoning(JsonObject message)
        {
            if (reasoning.Length > 0)
            {
                message["reasoning"] = reasoning;
                reasoning = "";
            }

            return message;
        }
    }

    public static JsonArray WriteTools(IEnumerable<OfferedFunction> functions) => [.. functions.Select(function => new JsonObject
    {
        ["type"] = "function",
        ["function"] = new JsonObject
        {
            ["name"] = function.Name,
            ["description"] = function.Description,
            ["parameters"] = JsonNode.Parse(function.Parameters ?? """{"type":"object","properties":{}}"""),
        },
    })];

    private static JsonObject Message(string role, string content) => new() { ["role"] = role, ["content"] = content };

    private static string CallId(int number) => $"call_{number}";

    private static string BareName(string recipient) => recipient[(recipient.LastIndexOf('.') + 1)..];
}
