using GptOss.CodeAssist.Assistant.Completion;
using GptOss.CodeAssist.Inference;
using Microsoft.Extensions.Time.Testing;

namespace GptOss.CodeAssist.Assistant.Tests.Completion;

/// <summary>What follows from how fast a person types and how fast a model is.</summary>
public sealed class PaceTests
{
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public void A_burst_of_keys_is_waited_out_and_a_pause_is_not()
    {
        var pace = new TypingPace(_time);

        Assert.Equal(TimeSpan.Zero, Type(pace, 1_000));
        Assert.Equal(TimeSpan.Zero, Type(pace, 150));
        Assert.Equal(TimeSpan.Zero, Type(pace, 150));
        Assert.Equal(TimeSpan.FromMilliseconds(120), Type(pace, 150));
        Assert.Equal(TimeSpan.FromMilliseconds(60), Type(pace, 150, afterWord: false));
        Assert.Equal(TimeSpan.Zero, Type(pace, 1_000));
    }

    [Fact]
    public void What_the_editor_or_the_model_takes_anyway_is_not_waited_again()
    {
        var pace = new TypingPace(_time);
        Type(pace, 150);
        Type(pace, 150);
        Type(pace, 150);

        Assert.Equal(TimeSpan.FromMilliseconds(20), Type(pace, 150, waited: 100));
        pace.RecordAnswer(TimeSpan.FromMilliseconds(500));
        Assert.Equal(TimeSpan.Zero, Type(pace, 150));
    }

    [Fact]
    public void Prompts_are_shorter_on_slow_machines_in_steps_that_last()
    {
        var speed = new ModelSpeed();
        Assert.Equal(1_500, speed.LimitPrompt(1_500, 2_000));

        speed.Record(Usage(evaluated: 500, reading: 1, generated: 20, writing: 4));

        Assert.Equal(375, speed.LimitPrompt(1_500, 2_000));
        Assert.Equal(125, speed.LimitPrompt(500, 2_000));
        Assert.Equal(15, speed.LimitAnswer(15));
        Assert.Equal(16, speed.LimitAnswer(48));

        speed.Record(Usage(evaluated: 510, reading: 1, generated: 2, writing: 1));
        Assert.Equal(375, speed.LimitPrompt(1_500, 2_000));

        for (var answer = 0; answer < 20; answer++)
        {
            speed.Record(Usage(evaluated: 10_000, reading: 1, generated: 1_000, writing: 1));
        }

        Assert.Equal(1_500, speed.LimitPrompt(1_500, 2_000));
        Assert.Equal(48, speed.LimitAnswer(48));
    }

    private TimeSpan Type(TypingPace pace, int gap, bool afterWord = true, int waited = 0)
    {
        _time.Advance(TimeSpan.FromMilliseconds(gap));
        return pace.Record("/project/File.cs", afterWord, TimeSpan.FromMilliseconds(waited));
    }

    private static GenerationUsage Usage(int evaluated, double reading, int generated, double writing) => new()
    {
        PromptTokens = evaluated,
        ReusedTokens = 0,
        GeneratedTokens = generated,
        FirstToken = TimeSpan.FromSeconds(reading),
        Decode = TimeSpan.FromSeconds(writing),
    };
}
