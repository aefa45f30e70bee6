using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using Microsoft.CodeAnalysis.Text;

namespace GptOss.CodeAssist.CSharpContext.Gate;

/// <summary>Whether the compiler made sense of everything in a span of a body, by the operations that it bound it to.</summary>
/// <remarks>
/// Speculative models have no diagnostics, and a fork that has them makes all symbols anew: a hundred milliseconds in a large project where this takes one.
/// What does not bind becomes an invalid operation, whatever the error; only rules about declarations and the flow of data are not seen here.
/// </remarks>
internal static class OperationCheck
{
    /// <summary>True where nothing in the span is invalid; false where something is, or nobody can tell.</summary>
    public static bool IsClean(Speculation speculation, TextSpan span, CancellationToken cancellationToken) => IsClean(speculation, span, out _, cancellationToken);

    /// <param name="invalid">The smallest piece that is invalid; null where nothing is, or nobody can tell.</param>
    public static bool IsClean(Speculation speculation, TextSpan span, out SyntaxNode? invalid, CancellationToken cancellationToken)
    {
        var root = speculation.Root is ArrowExpressionClauseSyntax arrow ? arrow.Expression : speculation.Root is EqualsValueClauseSyntax value ? value.Value : speculation.Root;
        return IsClean(speculation.Model, root, span, out invalid, cancellationToken);
    }

    /// <param name="model">A speculative model.</param>
    /// <param name="root">What it was made for.</param>
    public static bool IsClean(SemanticModel model, SyntaxNode root, TextSpan span, out SyntaxNode? invalid, CancellationToken cancellationToken)
    {
        invalid = null;
        try
        {
            if (model.GetOperation(root, cancellationToken) is not { } operation)
            {
                return false;
            }

            invalid = operation.DescendantsAndSelf().Where(one => one.Syntax.Span.IntersectsWith(span) && !(IsValid(one) && MayStandThere(one))).MinBy(one => one.Syntax.Span.Length)?.Syntax;
            return invalid is null;
        }
        catch (Exception exception) when (exception is ArgumentException or InvalidOperationException or NullReferenceException)
        {
            return false; // dotnet/roslyn#70575: the fork answers instead.
        }
    }

    private static bool IsValid(IOperation operation) => operation switch
    {
        { Kind: OperationKind.Invalid } or { Type.TypeKind: TypeKind.Error } or ITypeOfOperation { TypeOperand.TypeKind: TypeKind.Error } => false,
        IConversionOperation { IsImplicit: true } conversion => conversion.GetConversion() is { Exists: true, IsImplicit: true } && !IsNothing(conversion.Operand),
        IAssignmentOperation assignment => !IsNothing(assignment.Value),
        IVariableInitializerOperation initializer => !IsNothing(initializer.Value),
        IArgumentOperation argument => !IsNothing(argument.Value),
        _ => true,
    };

    /// <summary>A call of what returns nothing, where a value is wanted.</summary>
    private static bool IsNothing(IOperation operation) => operation.Type?.SpecialType == SpecialType.System_Void;

    /// <summary>Operations that are valid in themselves and not everywhere.</summary>
    private static bool MayStandThere(IOperation operation) => operation.Kind switch
    {
        OperationKind.Await => IsInAsync(operation.Syntax),
        OperationKind.NameOf => ((INameOfOperation)operation).Argument is not IInstanceReferenceOperation,
        // Of a local function's group the compiler says that it has an instance, whether there is one or not.
        OperationKind.InstanceReference => ((IInstanceReferenceOperation)operation).ReferenceKind != InstanceReferenceKind.ContainingTypeInstance
            || operation.Parent is IMethodReferenceOperation { Method.MethodKind: MethodKind.LocalFunction } || HasInstance(operation.Syntax),
        OperationKind.Invocation => !IsAbstractOfBase(((IInvocationOperation)operation).Instance, ((IInvocationOperation)operation).TargetMethod),
        OperationKind.PropertyReference => !IsAbstractOfBase(((IPropertyReferenceOperation)operation).Instance, ((IPropertyReferenceOperation)operation).Property),
        OperationKind.Loop => operation.Syntax is not ForEachStatementSyntax loop || !ScopeNames.IsTaken(loop, loop.Identifier.ValueText),
        OperationKind.CaseClause => operation.Syntax is not CaseSwitchLabelSyntax label || !IsTwin((ICaseClauseOperation)operation, label),
        OperationKind.VariableDeclarator => operation.Syntax is not VariableDeclaratorSyntax declarator || !ScopeNames.IsTaken(declarator, declarator.Identifier.ValueText),
        _ => true,
    };

    private static bool IsAbstractOfBase(IOperation? instance, ISymbol member) => member.IsAbstract && instance?.Syntax is BaseExpressionSyntax;

    /// <summary>Whether another label of the same switch says the same.</summary>
    private static bool IsTwin(ICaseClauseOperation clause, CaseSwitchLabelSyntax label) => clause is ISingleValueCaseClauseOperation { Value.ConstantValue: { HasValue: true, Value: var value } } && clause.Parent?.Parent is ISwitchOperation choice
        && choice.Cases.SelectMany(one => one.Clauses).OfType<ISingleValueCaseClauseOperation>().Any(other => other.Syntax != label && other.Value.ConstantValue is { HasValue: true, Value: var same } && Equals(value, same));

    /// <summary>Whether there is a <c>this</c>: the compiler binds an instance's member where there is none, with an error that no operation shows.</summary>
    private static bool HasInstance(SyntaxNode node)
    {
        foreach (var one in node.Ancestors())
        {
            switch (one)
            {
                case InvocationExpressionSyntax { Expression: IdentifierNameSyntax { Identifier.ValueText: "nameof" } }:
                    return true;
                case AnonymousFunctionExpressionSyntax function when function.Modifiers.Any(SyntaxKind.StaticKeyword):
                case LocalFunctionStatementSyntax local when local.Modifiers.Any(SyntaxKind.StaticKeyword):
                case ConstructorInitializerSyntax or PrimaryConstructorBaseTypeSyntax or AttributeSyntax:
                case EqualsValueClauseSyntax { Parent: PropertyDeclarationSyntax or VariableDeclaratorSyntax { Parent.Parent: BaseFieldDeclarationSyntax } }:
                    return false;
                case MemberDeclarationSyntax member:
                    return member is not GlobalStatementSyntax && !member.Modifiers.Any(SyntaxKind.StaticKeyword);
            }
        }

        return true;
    }

    private static bool IsInAsync(SyntaxNode node) => node.Ancestors().FirstOrDefault(one => one is AnonymousFunctionExpressionSyntax or LocalFunctionStatementSyntax or MemberDeclarationSyntax or AccessorDeclarationSyntax) switch
    {
        AnonymousFunctionExpressionSyntax function => function.AsyncKeyword.IsKind(SyntaxKind.AsyncKeyword),
        LocalFunctionStatementSyntax function => function.Modifiers.Any(SyntaxKind.AsyncKeyword),
        MemberDeclarationSyntax member => member.Modifiers.Any(SyntaxKind.AsyncKeyword),
        _ => false,
    };
}
