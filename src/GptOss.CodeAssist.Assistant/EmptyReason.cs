using System.Collections.Frozen;
using System.Text.Json;

namespace GptOss.CodeAssist.Assistant;

/// <summary>Why an answer is empty: a code of a closed list, and one sentence for a person. <see cref="EmptyReasons"/> makes them.</summary>
public sealed record EmptyReason
{
    private static readonly FrozenDictionary<EmptyReasonCode, string> Names = Enum.GetValues<EmptyReasonCode>().ToFrozenDictionary(code => code, code => JsonNamingPolicy.KebabCaseLower.ConvertName(code.ToString()));

    private readonly EmptyReasonCode _code;

    internal EmptyReason(EmptyReasonCode code, string message)
    {
        _code = code;
        Message = message;
    }

    /// <summary>The code's name in kebab-case, for instance <c>model-loading</c>; it never changes.</summary>
    public string Code => Names[_code];

    /// <summary>What happened, and what to do about it where something can be done.</summary>
    public string Message { get; }

    /// <summary>Whether this is why the answer is empty.</summary>
    public bool Is(EmptyReasonCode code) => _code == code;
}
