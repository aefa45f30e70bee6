namespace GptOss.CodeAssist.StarterModel;

/// <summary>What a hole holds; the numbers are those of the prepared files.</summary>
internal enum HoleKind
{
    /// <summary>An expression: an argument, an initialiser, what is returned or assigned.</summary>
    Expression = 0,

    /// <summary>What stands between parentheses or brackets.</summary>
    List = 1,

    Statement = 2,

    /// <summary>What stands between a block's braces.</summary>
    Body = 3,

    Member = 4,

    /// <summary>Name and arguments after a dot.</summary>
    Access = 5,

    /// <summary>The text of a comment's line.</summary>
    Comment = 6,
}
