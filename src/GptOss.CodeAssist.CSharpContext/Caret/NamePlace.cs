namespace GptOss.CodeAssist.CSharpContext.Caret;

/// <summary>A place where only names stand that a compiler can list.</summary>
internal enum NamePlace
{
    /// <summary>Anything may stand there.</summary>
    None,

    /// <summary>After a dot.</summary>
    Member,

    /// <summary>After <c>::</c>.</summary>
    Alias,

    /// <summary>After <c>new</c>.</summary>
    Created,

    /// <summary>After <c>override</c>: the type, then the name of what is overridden.</summary>
    Overridden,

    /// <summary>The name of an attribute.</summary>
    Attribute,

    /// <summary>An argument after one with a name.</summary>
    Argument,

    /// <summary>The left side in an object's initializer.</summary>
    Initialised,

    /// <summary>After <c>case</c>.</summary>
    Case,

    /// <summary>The pattern of an arm of a switch expression.</summary>
    Arm,
}
