namespace GptOss.CodeAssist.Assistant.CodeActions;

/// <summary>What can be done with a piece of code.</summary>
public enum CodeActionKind
{
    Fix,
    Explain,
    Document,
    Tests,
    Implement,
    ExtractMethod,
    Simplify,
    MakeAsync,
    ValidateArguments,
    LoopToLinq,
    LinqToLoop,
    RenameLocals,

    /// <summary>A better name for one symbol, wherever it is used.</summary>
    Rename,

    /// <summary>A person's own instruction.</summary>
    Edit,
}
