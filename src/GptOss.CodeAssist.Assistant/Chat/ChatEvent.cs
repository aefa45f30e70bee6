namespace GptOss.CodeAssist.Assistant.Chat;

/// <summary>What happens while an answer is made: a closed family.</summary>
public abstract record ChatEvent
{
    private ChatEvent()
    {
    }

    /// <summary>More of the answer.</summary>
    public sealed record Answer(string Text) : ChatEvent;

    /// <summary>More of the model's thoughts, to be shown apart.</summary>
    public sealed record Reasoning(string Text) : ChatEvent;

    /// <summary>The model looks something up.</summary>
    /// <param name="Call">For a person, for instance <c>find_symbol(name: "Stack")</c>.</param>
    public sealed record ToolCalled(string Call) : ChatEvent;

    /// <summary>What the look-up found, as the model sees it.</summary>
    public sealed record ToolAnswered(string Call, string Output) : ChatEvent;

    /// <summary>Something the person should know: a reference that was not found, an answer that was cut.</summary>
    public sealed record Notice(string Message) : ChatEvent;
}
