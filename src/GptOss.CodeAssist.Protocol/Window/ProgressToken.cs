using System.Text.Json.Serialization;

namespace GptOss.CodeAssist.Protocol;

/// <summary>Names a piece of work in progress: <c>string | integer</c>.</summary>
[JsonConverter(typeof(ProgressTokenConverter))]
public sealed record ProgressToken
{
    public ProgressToken(string text) => Text = text;

    public ProgressToken(int number) => Number = number;

    /// <summary>Null when the token is a number.</summary>
    public string? Text { get; }

    /// <summary>Null when the token is a string.</summary>
    public int? Number { get; }
}
