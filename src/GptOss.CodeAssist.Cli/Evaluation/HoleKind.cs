namespace GptOss.CodeAssist.Cli.Evaluation;

/// <summary>What is taken out of a file.</summary>
internal enum HoleKind
{
    /// <summary>From a token to the end of its line.</summary>
    Line,

    /// <summary>One statement.</summary>
    Statement,

    /// <summary>All statements of a method.</summary>
    Body,
}
