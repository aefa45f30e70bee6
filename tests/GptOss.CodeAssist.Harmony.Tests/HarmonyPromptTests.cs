using GptOss.CodeAssist.Inference;

namespace GptOss.CodeAssist.Harmony.Tests;

public sealed class HarmonyPromptTests
{
    private static readonly HarmonyMessage[] Conversation =
    [
        HarmonyMessage.System(new HarmonyContent.System { Effort = ReasoningEffort.High }),
        HarmonyMessage.Developer(new HarmonyContent.Developer
        {
            Instructions = "Answer briefly.\n\n# Style\n\nPlain.",
            Tools = [new ToolNamespace(ToolNamespace.Functions, null, [new ToolDefinition("find", "Finds.", null)])],
        }),
        HarmonyMessage.User("What is `<|start|>`?"),
        HarmonyMessage.Assistant(HarmonyChannels.Analysis, "They ask about a marker."),
        HarmonyMessage.ToolCall("functions.find", "{}"),
        HarmonyMessage.ToolResult("functions.find", "nothing"),
    ];

    [Fact]
    public void A_rendered_conversation_is_read_back_with_its_instructions_and_its_effort()
    {
        var prompt = Read(new AssistantOpening.Header());

        Assert.Equal("Answer briefly.\n\n# Style\n\nPlain.", prompt.Instructions);
        Assert.Equal(ReasoningEffort.High, prompt.Effort);
        Assert.False(prompt.MustAnswer);
        Assert.Equal(Conversation.Skip(2), prompt.Messages.Skip(2));
    }

    [Fact]
    public void An_opened_answer_is_told_from_one_that_the_model_is_free_to_begin()
    {
        var prompt = Read(new AssistantOpening.FinalAfterAnalysis("Thought.", "```csharp\n"));

        Assert.True(prompt.MustAnswer);
        Assert.Equal("```csharp\n", prompt.Prefill);
        Assert.Equal("Thought.", prompt.Messages[^1].TextContent);
    }

    [Fact]
    public void A_prompt_of_another_kind_is_none() => Assert.Null(HarmonyPrompt.Find([new PromptPart.Special("<|fim_prefix|>"), new PromptPart.Text("class")]));

    private static HarmonyPrompt Read(AssistantOpening opening) => HarmonyPrompt.Find(HarmonyRenderer.RenderPrompt(Conversation, opening))!;
}
