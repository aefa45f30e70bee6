using System.Text;
using CsCheck;
using GptOss.CodeAssist.TestSupport.Models;
using Microsoft.Extensions.Logging.Abstractions;

namespace GptOss.CodeAssist.Inference.Llama.Tests.Vocabulary;

/// <summary>llama.cpp's tokens, as this engine asks for them, against Microsoft.ML.Tokenizers on the same vocabulary.</summary>
public sealed class TokenisationOracleTests(TokenisationOracleTests.Engine engine) : IClassFixture<TokenisationOracleTests.Engine>
{
    // The words beyond ASCII below become tokens of several characters, so that cutting them elsewhere shows.
    private static readonly SmallModelOptions Options = new() { VocabularyText = "éÉß œuvre ŁÓDŹ Ωmega привет МИР 中文 日本語 عربي हिन्दी दी café naïve цена こんにちは" };
    private static readonly O200kOracle Oracle = new(Options);

    private static readonly string[] HarmonyLiterals = ["<|start|>", "<|end|>", "<|message|>", "<|channel|>", "<|constrain|>"];

    private const string Code =
        """
        namespace Shop.Orders;

        /// <summary>Größenänderung: naïve café, «цена» и 价格 – こんにちは 🎉👩‍💻</summary>
        public sealed class OrderLine(string name, decimal unitPrice)
        {
        	public string Name { get; } = name ?? throw new ArgumentNullException(nameof(name));

            public decimal Total(int quantity) => quantity switch
            {
                <= 0 => 0m,
                >= 1_000 => unitPrice * quantity * 0.9m, // it's 10% off, they've said
                _ => unitPrice * quantity,
            };
        }
        """;

    private static readonly Gen<string> GenPiece = Gen.OneOf(
        Gen.String[Gen.Char[' ', '~'], 0, 12],
        Gen.OneOf(" ", "  ", "    ", "\t", "\n", "\r\n", "\r", "\n\n    ", " \t \n", "\u00A0", "\u2028", "\u3000", "\u0085"),
        Gen.OneOf("public ", "CamelCase", "snake_case", "HTTPServer", "i'll", "IT'S", "it’s", "x=>y", "?.", "123456", "1.5e-3", "//", "/* */\n"),
        Gen.OneOf(";\n", "{\n    ", "\n/", ";\n//", "\n  // x\n", ")\n\n}", "x\n\ty", ";\r\n\r\n    return", " \n", "\n \n "),
        Gen.OneOf("é", "É", "ß", "œuvre", "ŁÓDŹ", "Ωmega", "привет", "МИР", "ǅ", "中文", "日本語", "عربي", "हिन्दी", "e\u0301", "\u0301", "ʰ", "٣٤", "²", "Ⅷ"),
        Gen.OneOf("🎉", "👩‍💻", "🇨🇭", "𝒜", "𝓪", "𠀀", "𝟘", "\uD800", "\uDC00", "\uFFFD", "\uFEFF", "\0"),
        Gen.OneOf(HarmonyLiterals),
        Gen.OneOf("<|endoftext|>", "<|return|>", "<|call|>", "<|fim_middle|>", "<|", "|>", "start|>", "<|st", "<|START|>"));

    private static readonly Gen<string> GenText = GenPiece.Array[0, 25].Select(string.Concat);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("")]
    [InlineData("int x = 1;\r\n\r\n\tif (x > 0)\r\n\t{\r\n\t\treturn;\r\n\t}\r\n")]
    [InlineData("   leading and trailing   ")]
    [InlineData("<|start|>system<|message|>ignore<|end|><|channel|>final<|constrain|>json")]
    [InlineData("<|START|> <|Start|> <|start|><|start|>")]
    [InlineData("\uD83C lone \uDF89 halves \uDF89\uD83C")]
    public async Task Text_is_tokenised_as_the_published_tokenizer_does(string text) => await Check(text, Oracle.Encode(text));

    [Theory]
    [InlineData("\n")]
    [InlineData("\r\n")]
    public async Task A_source_file_is_tokenised_as_the_oracle_does(string lineEnd)
    {
        var file = string.Concat(Enumerable.Repeat(Code.ReplaceLineEndings(lineEnd) + lineEnd, 20));

        await Check(file, Oracle.EncodeAsLlama(file));
    }

    [Fact]
    public async Task Any_text_is_tokenised_as_the_oracle_does_and_never_into_a_special_token()
    {
        await GenText.SampleAsync(async text => await Check(text, Oracle.EncodeAsLlama(text)), iter: 1500, threads: 2);
    }

    [Fact]
    public void The_oracle_for_llama_cpp_is_the_published_tokenizer_but_for_cased_letters_beyond_ascii_and_combining_marks()
    {
        var differing = 0;
        GenText.Sample(text =>
        {
            var alike = Oracle.Encode(text).SequenceEqual(Oracle.EncodeAsLlama(text));
            differing += alike ? 0 : 1;
            Assert.True(alike || !O200kOracle.IsCutAlike(text), text);
        }, iter: 1500, threads: 1);

        // The exception is real: without it the test above would say nothing.
        Assert.NotEqual(0, differing);
        Assert.NotEqual(Oracle.Encode("हिन्दी"), Oracle.EncodeAsLlama("हिन्दी"));
    }

    [Theory]
    [InlineData("a")]
    [InlineData(" ")]
    [InlineData("\n")]
    [InlineData("{")]
    [InlineData("é")]
    [InlineData("🎉")]
    public async Task A_run_without_an_end_does_not_overflow_the_stack_of_llama_cpp(string unit)
    {
        var run = string.Concat(Enumerable.Repeat(unit, 200_000));

        var tokens = await engine.TokenizeAsync(run, Token);

        Assert.Equal(Encoding.UTF8.GetByteCount(run), tokens.Sum(token => Oracle.BytesOf(token).Length));
    }

    private async Task Check(string text, IReadOnlyList<int> expected)
    {
        var tokens = await engine.TokenizeAsync(text, Token);

        Assert.Equal(expected, tokens);
    }

    /// <summary>One engine for all tests of the class.</summary>
    public sealed class Engine : IAsyncLifetime
    {
        private LlamaEngine _engine = null!;

        public async ValueTask InitializeAsync()
        {
            _engine = LlamaEngine.Start(new LlamaEngineOptions { ModelPath = SmallModel.GetPath(Options), ContextLength = 512, Slots = 1, GpuLayers = 0 }, NullLogger.Instance);
            await _engine.WaitForModelAsync(Token);
        }

        public ValueTask DisposeAsync() => _engine.DisposeAsync();

        internal Task<int[]> TokenizeAsync(string text, CancellationToken cancellationToken) => _engine.TokenizeAsync(text, cancellationToken);
    }
}
