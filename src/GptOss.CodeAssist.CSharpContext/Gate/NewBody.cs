using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace GptOss.CodeAssist.CSharpContext.Gate;

/// <summary>Binds the body of a member that the compilation does not know yet, as a local function of a body of its type that it knows.</summary>
/// <remarks>
/// Both see the same names, but for the known member's own parameters and locals, which must not be used. A millisecond, where a fork makes all symbols anew.
/// </remarks>
/// <param name="names">What names mean in the type.</param>
/// <param name="type">The type's declaration in the compiled file.</param>
internal sealed class NewBody(DeclaredNames names, TypeDeclarationSyntax type)
{
    private const string Name = "__new";

    /// <summary>Whether the compiler makes sense of all of a method's or an accessor's body; false where it does not, or nobody can tell.</summary>
    /// <param name="member">The method or property in the changed file.</param>
    /// <param name="body">Its body, or that of one of its accessors.</param>
    public bool IsClean(MemberDeclarationSyntax member, SyntaxNode body)
    {
        if (body is BlockSyntax { Statements.Count: 0 } && member is ConstructorDeclarationSyntax or MethodDeclarationSyntax { ReturnType: PredefinedTypeSyntax { Keyword.RawKind: (int)SyntaxKind.VoidKeyword } })
        {
            return true;
        }

        if (FindFunction(member, body) is not { } function || FindHost(member.Modifiers.Any(SyntaxKind.StaticKeyword)) is not { } host || !ReturnsFit(function))
        {
            return false;
        }

        try
        {
            return names.Model.TryGetSpeculativeSemanticModel(host.OpenBraceToken.Span.End, function, out var model)
                && OperationCheck.IsClean(model, function, function.Span, out _, names.CancellationToken)
                && !SemanticCheck.Find(model, (SyntaxNode?)function.Body ?? function.ExpressionBody!, function.Span, names.CancellationToken).Any()
                && !UsesHost(model, function);
        }
        catch (Exception exception) when (exception is ArgumentException or InvalidOperationException or NullReferenceException)
        {
            return false; // dotnet/roslyn#70575
        }
    }

    /// <summary>The body as a function of its own; null where it would mean something else there.</summary>
    private static LocalFunctionStatementSyntax? FindFunction(MemberDeclarationSyntax member, SyntaxNode body)
    {
        var nothing = SyntaxFactory.PredefinedType(SyntaxFactory.Token(SyntaxKind.VoidKeyword));
        var accessor = body.Parent as AccessorDeclarationSyntax;
        var function = member switch
        {
            MethodDeclarationSyntax method => Function(method.ReturnType, method.ParameterList).WithTypeParameterList(method.TypeParameterList).WithConstraintClauses(method.ConstraintClauses),
            PropertyDeclarationSyntax property when accessor is null or { Keyword.RawKind: (int)SyntaxKind.GetKeyword } => Function(property.Type, SyntaxFactory.ParameterList()),
            PropertyDeclarationSyntax property when accessor is { Keyword.RawKind: (int)SyntaxKind.SetKeyword } =>
                Function(nothing, SyntaxFactory.ParameterList([SyntaxFactory.Parameter(SyntaxFactory.Identifier("value")).WithType(property.Type)])),
            _ => null,
        };
        if (function is null || body.DescendantNodes().Any(node => node is YieldStatementSyntax or RefExpressionSyntax))
        {
            return null;
        }

        var modifiers = member.Modifiers.Where(modifier => modifier.Kind() is SyntaxKind.AsyncKeyword or SyntaxKind.UnsafeKeyword or SyntaxKind.StaticKeyword);
        function = function.WithModifiers([.. modifiers]);
        function = body switch
        {
            BlockSyntax block => function.WithBody(block),
            ArrowExpressionClauseSyntax arrow => function.WithExpressionBody(arrow).WithSemicolonToken(SyntaxFactory.Token(SyntaxKind.SemicolonToken)),
            _ => null,
        };
        return function?.NormalizeWhitespace();

        static LocalFunctionStatementSyntax Function(TypeSyntax result, ParameterListSyntax parameters) => SyntaxFactory.LocalFunctionStatement(result, Name).WithParameterList(
            parameters.ReplaceNodes(parameters.Parameters.Where(parameter => parameter.Modifiers.Any(SyntaxKind.ThisKeyword)), (parameter, _) => parameter.WithModifiers([.. parameter.Modifiers.Where(modifier => !modifier.IsKind(SyntaxKind.ThisKeyword))])));
    }

    /// <summary>A body of the type in which the function can stand.</summary>
    private BlockSyntax? FindHost(bool isStatic)
    {
        foreach (var member in type.Members)
        {
            var host = member.Modifiers.Any(SyntaxKind.StaticKeyword) != isStatic || member.Modifiers.Any(SyntaxKind.UnsafeKeyword) ? null : member switch
            {
                MethodDeclarationSyntax { TypeParameterList: null } method => method.Body,
                ConstructorDeclarationSyntax constructor => constructor.Body,
                PropertyDeclarationSyntax { AccessorList: { } accessors } => accessors.Accessors.FirstOrDefault(accessor => accessor.IsKind(SyntaxKind.GetAccessorDeclaration))?.Body,
                _ => null,
            };
            if (host is { CloseBraceToken.IsMissing: false } && host.OpenBraceToken.Span.End < host.CloseBraceToken.SpanStart)
            {
                return host;
            }
        }

        return null;
    }

    /// <summary>A model says nothing about a value returned where none is wanted, or none where one is, and nothing where the end of a body can be reached.</summary>
    private static bool ReturnsFit(LocalFunctionStatementSyntax function)
    {
        var isAsync = function.Modifiers.Any(SyntaxKind.AsyncKeyword);
        if (isAsync && function.ReturnType is not (SimpleNameSyntax { Identifier.ValueText: "Task" or "ValueTask" } or PredefinedTypeSyntax { Keyword.RawKind: (int)SyntaxKind.VoidKeyword }))
        {
            return false;
        }

        if (function.Body is not { } body)
        {
            return true;
        }

        var wantsValue = isAsync ? function.ReturnType is GenericNameSyntax : function.ReturnType is not PredefinedTypeSyntax { Keyword.RawKind: (int)SyntaxKind.VoidKeyword };
        var returns = body.DescendantNodes(node => node is not (AnonymousFunctionExpressionSyntax or LocalFunctionStatementSyntax)).OfType<ReturnStatementSyntax>().ToList();
        return returns.TrueForAll(one => wantsValue == (one.Expression is not null));
    }

    private bool UsesHost(SemanticModel model, SyntaxNode function) => model.GetOperation(function, names.CancellationToken) is { } operation && operation.DescendantsAndSelf().Any(one => one switch
    {
        ILocalReferenceOperation local => IsHosts(local.Local),
        IParameterReferenceOperation parameter => IsHosts(parameter.Parameter),
        IInvocationOperation call => call.TargetMethod.MethodKind == MethodKind.LocalFunction && IsHosts(call.TargetMethod),
        IMethodReferenceOperation method => method.Method.MethodKind == MethodKind.LocalFunction && IsHosts(method.Method),
        _ => false,
    });

    private bool IsHosts(ISymbol symbol) => symbol.DeclaringSyntaxReferences.Length == 0 || symbol.DeclaringSyntaxReferences.Any(reference => reference.SyntaxTree == names.Model.SyntaxTree);
}
