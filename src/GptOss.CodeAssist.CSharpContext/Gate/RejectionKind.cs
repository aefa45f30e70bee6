namespace GptOss.CodeAssist.CSharpContext.Gate;

/// <summary>Why a candidate is not shown.</summary>
public enum RejectionKind
{
    /// <summary>Nothing but white space is left of it.</summary>
    Empty,

    /// <summary>Its first statement already does not parse before the text that follows.</summary>
    Syntax,

    /// <summary>It uses a name that nothing declares.</summary>
    UnknownName,

    /// <summary>No overload takes this number of arguments.</summary>
    ArgumentCount,

    /// <summary>An argument or a value has a type that does not fit.</summary>
    WrongType,

    /// <summary>The compiler refuses it for another reason.</summary>
    Other,
}
