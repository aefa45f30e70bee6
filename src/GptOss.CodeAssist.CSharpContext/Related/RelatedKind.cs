namespace GptOss.CodeAssist.CSharpContext.Related;

/// <summary>What a piece of related code is.</summary>
public enum RelatedKind
{
    /// <summary>The outline of a type that the code at the caret deals with.</summary>
    TypeOutline,

    /// <summary>The overloads of the method whose arguments hold the caret.</summary>
    Callee,

    /// <summary>A member of a sibling type that does the same job.</summary>
    WorkedExample,

    /// <summary>Extension methods that apply to what is in scope.</summary>
    Extensions,

    /// <summary>Code elsewhere that resembles the code at the caret.</summary>
    SimilarCode,

    /// <summary>Names of the project that stand in similar code.</summary>
    Vocabulary,

    /// <summary>Keys of the application's settings, never their values.</summary>
    ConfigurationKeys,
}
