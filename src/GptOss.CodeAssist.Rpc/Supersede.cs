namespace GptOss.CodeAssist.Rpc;

/// <summary>A newer request of the same method and <paramref name="Key"/> takes the older one's place: the older is answered at once with its own <paramref name="Answer"/>, and its work cancelled.</summary>
public sealed record Supersede<TResult>(string Key, TResult Answer)
{
    /// <summary>Told when the older request was answered so; must return at once. Null where nobody wants to know.</summary>
    public Action? Happened { get; init; }
}
