using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace GptOss.CodeAssist.CSharpContext.Gate;

/// <summary>Something in a candidate that does not bind.</summary>
/// <param name="Kind">What is wrong.</param>
/// <param name="Span">Where, in the document that holds the candidate.</param>
/// <param name="Name">The name that is wrong, or the callee.</param>
/// <param name="Node">The node.</param>
internal sealed record SemanticProblem(RejectionKind Kind, TextSpan Span, string Name, SyntaxNode Node)
{
    /// <summary>Longest name that a message repeats, in UTF-16 units; what is no name may be a whole declaration.</summary>
    private const int MaxNameLength = 60;

    private string ShortName => Name.Length <= MaxNameLength ? Name : Name[..MaxNameLength] + "…";

    public string Because => Kind switch
    {
        RejectionKind.UnknownName => $"nothing named '{ShortName}' is known here",
        RejectionKind.ArgumentCount => $"no overload of '{ShortName}' takes these arguments",
        RejectionKind.WrongType when Node is InvocationExpressionSyntax or BaseObjectCreationExpressionSyntax => $"an argument of '{ShortName}' has a type that does not fit",
        RejectionKind.WrongType => $"the type of '{ShortName}' does not fit here",
        _ => $"'{ShortName}' cannot be used here",
    };
}
