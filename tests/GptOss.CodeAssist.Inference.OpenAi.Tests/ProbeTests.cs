using System.Text.Json.Nodes;
using GptOss.CodeAssist.TestSupport.Serving;

namespace GptOss.CodeAssist.Inference.OpenAi.Tests;

public sealed class ProbeTests
{
    [Theory]
    [InlineData(ServerKind.Vllm, "vLLM 0.11.0", 32768)]
    [InlineData(ServerKind.LlamaServer, "llama-server b1-test", 16384)]
    public async Task A_server_that_takes_prompts_completes_and_chats(ServerKind kind, string server, int context)
    {
        await using var test = new EngineUnderTest(kind);

        var model = await test.ReadyAsync();

        Assert.Equal((PromptStyle.Harmony, true, null, context), (model.PromptStyle, model.CanChat, model.CompletionRefusal, model.ContextLength));
        Assert.Equal(server, test.Engine.Report!.Server);
        Assert.Equal(9, await test.Engine.CountTokensAsync("public int Count { get; set; }", test.Stop));
    }

    [Theory]
    [InlineData(ServerKind.Ollama, "Ollama", 8192)]
    [InlineData(ServerKind.LmStudio, "LM Studio", 131072)]
    [InlineData(ServerKind.Plain, "which tokens", 8192)]
    public async Task Other_servers_chat_and_say_why_they_do_not_complete(ServerKind kind, string why, int context)
    {
        await using var test = new EngineUnderTest(kind);

        var model = await test.ReadyAsync();

        Assert.True(model.CanChat);
        Assert.Equal(context, model.ContextLength);
        Assert.Contains(why, model.CompletionRefusal, StringComparison.Ordinal);
        var refused = await Assert.ThrowsAsync<InferenceException>(() => test.SayAsync(new GenerationRequest { Prompt = [new PromptPart.Text("class")], MaxTokens = 1 }));
        Assert.Equal(InferenceError.Unsupported, refused.Error);
    }

    [Fact]
    public async Task A_vllm_that_is_too_old_to_say_its_tokens_chats_only()
    {
        await using var test = new EngineUnderTest(ServerKind.Vllm, prepare: server => server.Misbehave = (request, _) =>
            request.Path == "/v1/completions" ? ServedReply.Json(new JsonObject { ["choices"] = new JsonArray(new JsonObject { ["text"] = "x" }) }) : null);

        Assert.Contains("0.10.2", (await test.ReadyAsync()).CompletionRefusal, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_gateway_that_lets_only_v1_through_is_enough_for_gpt_oss()
    {
        await using var test = new EngineUnderTest(ServerKind.Vllm, prepare: server => server.Misbehave = (request, _) =>
            request.Path.StartsWith("/v1/", StringComparison.Ordinal) ? null : ServedReply.Refuse(404, "no route"));

        Assert.Equal(PromptStyle.Harmony, (await test.ReadyAsync()).PromptStyle);
        Assert.Equal("Hello world (StopToken <|return|>)", await test.SayAsync(EngineUnderTest.Prefilled("x")));
    }

    [Fact]
    public async Task A_vocabulary_that_only_looks_like_gpt_oss_is_asked_of_the_server()
    {
        // The marker's number is right, and the text is cut otherwise than by o200k.
        await using var test = new EngineUnderTest(ServerKind.LlamaServer, prepare: server => server.Misbehave = (request, _) =>
            request.Path == "/tokenize" && !request.Body!["parse_special"]!.GetValue<bool>()
                ? ServedReply.Json(new JsonObject { ["tokens"] = new JsonArray([.. request.Body["content"]!.GetValue<string>().Select(character => new JsonObject { ["id"] = (int)character % 199_000, ["piece"] = character.ToString() })]) })
                : null);

        await test.SayAsync(EngineUnderTest.Prefilled("abc"));

        Assert.Equal([97, 98, 99], test.Server.Requests.Last().Prompt[^3..]);
    }

    [Theory]
    [InlineData("openai/gpt-oss-20b")]
    [InlineData("gpt-oss-20b")]
    [InlineData("GPT-OSS-20B")]
    public async Task A_model_is_found_by_its_name(string name)
    {
        await using var test = new EngineUnderTest(ServerKind.Vllm, model: name);

        Assert.Equal("openai/gpt-oss-20b", (await test.ReadyAsync()).Name);
    }

    [Fact]
    public async Task A_model_that_is_called_by_its_file_is_called_shorter_here_and_so_at_the_server()
    {
        await using var test = new EngineUnderTest(ServerKind.Ollama, file: "/home/somebody/models/gpt-oss-20b.gguf");

        var model = await test.ReadyAsync();
        await test.SayAsync(new GenerationRequest { Prompt = Harmony.HarmonyRenderer.RenderPrompt([Harmony.HarmonyMessage.User("?")], new Harmony.AssistantOpening.Header()), MaxTokens = 1 });

        Assert.Equal("gpt-oss-20b.gguf", model.Name);
        Assert.Equal("/home/somebody/models/gpt-oss-20b.gguf", test.Server.Requests.Last().Body!["model"]!.GetValue<string>());
    }

    [Fact]
    public async Task A_model_that_the_server_lacks_is_told_with_those_that_it_has()
    {
        await using var test = new EngineUnderTest(ServerKind.Vllm, model: "gpt-5");

        var refused = await Assert.ThrowsAsync<InferenceException>(test.ReadyAsync);

        Assert.Equal(InferenceError.ModelNotFound, refused.Error);
        Assert.Contains("openai/gpt-oss-20b", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_web_site_is_no_model_server()
    {
        await using var test = new EngineUnderTest(ServerKind.Plain, prepare: server => server.Misbehave = (_, _) => new ServedReply(200, "text/html", ["<html>Hello</html>"]));

        var refused = await Assert.ThrowsAsync<InferenceException>(test.ReadyAsync);

        Assert.Contains("no OpenAI-compatible model server", refused.Message, StringComparison.Ordinal);
    }
}
