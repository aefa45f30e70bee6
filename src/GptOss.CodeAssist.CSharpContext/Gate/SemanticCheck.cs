using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace GptOss.CodeAssist.CSharpContext.Gate;

/// <summary>Finds names, members and arguments of a span that do not bind.</summary>
/// <remarks>
/// Speculative models have no diagnostics, so this asks for symbols. It looks only for what is certainly wrong: whatever depends on a type
/// that is itself unknown is passed over.
/// </remarks>
internal static class SemanticCheck
{
    public static IEnumerable<SemanticProblem> Find(SemanticModel model, SyntaxNode root, TextSpan span, CancellationToken cancellationToken)
    {
        foreach (var node in root.DescendantNodesAndSelf(node => node.FullSpan.IntersectsWith(span)))
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (!node.Span.OverlapsWith(span))
            {
                continue;
            }

            var problem = node switch
            {
                SimpleNameSyntax name => CheckName(model, name, cancellationToken),
                InvocationExpressionSyntax or BaseObjectCreationExpressionSyntax or ConstructorInitializerSyntax or ElementAccessExpressionSyntax =>
                    CheckCall(model, node, cancellationToken),
                EqualsValueClauseSyntax { Value: { } value } => CheckConversion(model, value, cancellationToken),
                ReturnStatementSyntax returned => CheckReturn(model, returned, cancellationToken) ?? (returned.Expression is { } value ? CheckConversion(model, value, cancellationToken) : null),
                ArrowExpressionClauseSyntax { Expression: { } value } => CheckConversion(model, value, cancellationToken),
                IfStatementSyntax { Condition: { } condition } => CheckConversion(model, condition, cancellationToken),
                WhileStatementSyntax { Condition: { } condition } => CheckConversion(model, condition, cancellationToken),
                ThrowStatementSyntax { Expression: null } thrown => CheckThrow(thrown),
                CastExpressionSyntax cast => CheckCast(model, cast, cancellationToken),
                ExpressionStatementSyntax statement => CheckStatement(statement),
                VariableDeclaratorSyntax { Parent.Parent: LocalDeclarationStatementSyntax } declarator => CheckLocal(declarator, declarator.Identifier),
                ForEachStatementSyntax loop => CheckLoop(model, loop, cancellationToken) ?? CheckLocal(loop, loop.Identifier),
                ForEachVariableStatementSyntax loop => CheckLoop(model, loop, cancellationToken),
                DeclarationPatternSyntax { Type: NullableTypeSyntax type } => new SemanticProblem(RejectionKind.Other, type.Span, type.ToString(), type),
                SingleVariableDesignationSyntax designation => CheckLocal(designation, designation.Identifier),
                AssignmentExpressionSyntax { RawKind: (int)SyntaxKind.SimpleAssignmentExpression } assignment => CheckConversion(model, assignment.Right, cancellationToken),
                _ => null,
            };
            if (problem is not null)
            {
                yield return problem;
            }
        }
    }

    /// <summary>Whether every name in a span is one that the compiler knows, and what it calls takes nothing unknown, be it used rightly or not.</summary>
    public static bool KnowsAllNames(SemanticModel model, SyntaxNode root, TextSpan span, CancellationToken cancellationToken) =>
        root.DescendantNodes(node => node.FullSpan.IntersectsWith(span)).OfType<SimpleNameSyntax>()
            .Where(name => name.Span.OverlapsWith(span) && !name.IsVar && !IsOnlyANewName(name) && !IsNameof(name))
            .All(name => model.GetSymbolInfo(name, cancellationToken) is var info
                && (info.Symbol ?? info.CandidateSymbols.FirstOrDefault()) is { } symbol and not IErrorTypeSymbol
                && TypeOf(symbol) is var type && (type is null || (!MentionsError(type, 0) && !HasUnknownBase(type))))
        && root.DescendantNodes(node => node.FullSpan.IntersectsWith(span)).Where(node => node is InvocationExpressionSyntax or BaseObjectCreationExpressionSyntax && node.Span.OverlapsWith(span))
            .All(call => model.GetSymbolInfo(call, cancellationToken) is var info && info.CandidateSymbols.Append(info.Symbol).All(callee => callee is null || ParametersOf(callee).All(parameter => !MentionsError(parameter.Type, 0))));

    private static bool IsNameof(SimpleNameSyntax name) => name is IdentifierNameSyntax { Identifier.ValueText: "nameof" } && name.Parent is InvocationExpressionSyntax;

    private static ITypeSymbol? TypeOf(ISymbol symbol) => symbol switch
    {
        ILocalSymbol local => local.Type,
        IParameterSymbol parameter => parameter.Type,
        IFieldSymbol field => field.Type,
        IPropertySymbol property => property.Type,
        IMethodSymbol method => method.ReturnType,
        ITypeSymbol type => type,
        _ => null,
    };

    private static SemanticProblem? CheckName(SemanticModel model, SimpleNameSyntax name, CancellationToken cancellationToken)
    {
        if (name.IsVar || name.Identifier.IsMissing || name.Identifier.ValueText == "_" || IsOnlyANewName(name))
        {
            return null;
        }

        var info = model.GetSymbolInfo(name, cancellationToken);
        if (info.Symbol is not null and not IErrorTypeSymbol)
        {
            var isTooEarly = info.Symbol is ILocalSymbol { DeclaringSyntaxReferences: [var declaration, ..] } && declaration.Span.Start > name.SpanStart && declaration.SyntaxTree == name.SyntaxTree;
            return isTooEarly ? new SemanticProblem(RejectionKind.Other, name.Span, name.Identifier.ValueText, name) : null;
        }

        // A known type is the doubt's affair, be its base or its arguments unknown: it knows which names nobody has ever written.
        if (QualifierOf(name) is { } qualifier && IsUnknowable(model, qualifier, cancellationToken)
            && model.GetTypeInfo(qualifier, cancellationToken).Type is not (INamedTypeSymbol { TypeKind: TypeKind.Class or TypeKind.Struct or TypeKind.Interface } or IArrayTypeSymbol))
        {
            return null;
        }

        if (info.CandidateSymbols.IsEmpty)
        {
            // `nameof` itself, and a name whose own type info is known (a discard, a range variable), bind without a symbol.
            var own = model.GetTypeInfo(name, cancellationToken).Type;
            return IsNameof(name) || own is not null and not IErrorTypeSymbol || own is null && model.GetAliasInfo(name, cancellationToken) is not null
                ? null
                : new SemanticProblem(RejectionKind.UnknownName, name.Span, name.Identifier.ValueText, name);
        }

        return info.CandidateReason switch
        {
            CandidateReason.OverloadResolutionFailure => null, // The call tells, with its arguments.
            CandidateReason.MemberGroup or CandidateReason.LateBound => null,
            CandidateReason.Inaccessible or CandidateReason.NotAValue or CandidateReason.NotATypeOrNamespace or CandidateReason.WrongArity
                or CandidateReason.NotInvocable or CandidateReason.NotCreatable or CandidateReason.NotAVariable
                or CandidateReason.NotAnEvent or CandidateReason.NotAnAttributeType =>
                new SemanticProblem(RejectionKind.Other, name.Span, name.Identifier.ValueText, name),
            _ => null,
        };
    }

    private static SemanticProblem? CheckCall(SemanticModel model, SyntaxNode call, CancellationToken cancellationToken)
    {
        var info = model.GetSymbolInfo(call, cancellationToken);
        var isInaccessible = info.CandidateReason == CandidateReason.Inaccessible && call is BaseObjectCreationExpressionSyntax;
        if (info.Symbol is not null || info.CandidateSymbols.IsEmpty || (info.CandidateReason != CandidateReason.OverloadResolutionFailure && !isInaccessible))
        {
            return null;
        }

        var arguments = call switch
        {
            InvocationExpressionSyntax invocation => invocation.ArgumentList.Arguments,
            BaseObjectCreationExpressionSyntax { ArgumentList: { } list } => list.Arguments,
            ConstructorInitializerSyntax initializer => initializer.ArgumentList.Arguments,
            ElementAccessExpressionSyntax element => element.ArgumentList.Arguments,
            _ => default,
        };
        var countFits = info.CandidateSymbols.Any(symbol => TakesCount(symbol, arguments.Count));
        // Constructors are all known, and so is what neither an extension method nor an unknown base can add to: their count is wrong whatever the types are.
        if (countFits || MayBeExtended(model, call, info.CandidateSymbols, cancellationToken) || info.CandidateSymbols.Any(MayBeOverloaded))
        {
            foreach (var argument in arguments)
            {
                if (argument.Expression is not (AnonymousFunctionExpressionSyntax or DeclarationExpressionSyntax) && IsUnknowable(model, argument.Expression, cancellationToken))
                {
                    return null;
                }
            }

            if (info.CandidateSymbols.Any(symbol => ParametersOf(symbol).Any(parameter => MentionsError(parameter.Type, 0))))
            {
                return null;
            }
        }

        var name = info.CandidateSymbols[0] is IMethodSymbol { MethodKind: MethodKind.Constructor } constructor ? constructor.ContainingType.Name : info.CandidateSymbols[0].Name;
        return new SemanticProblem(isInaccessible ? RejectionKind.Other : countFits ? RejectionKind.WrongType : RejectionKind.ArgumentCount, call.Span, name, call);
    }

    /// <summary>
    /// Whether a method called so may have a namesake in a missing package: one that is called on a value, unless the workspace itself declares
    /// all that are called so. A package's methods on all types are not called as the repository calls its own.
    /// </summary>
    private static bool MayBeExtended(SemanticModel model, SyntaxNode call, ImmutableArray<ISymbol> candidates, CancellationToken cancellationToken) => call switch
    {
        BaseObjectCreationExpressionSyntax or ConstructorInitializerSyntax => false,
        InvocationExpressionSyntax { Expression: SimpleNameSyntax } => false,
        InvocationExpressionSyntax when candidates.All(candidate => candidate is IMethodSymbol { MethodKind: MethodKind.DelegateInvoke }
            || candidate is IMethodSymbol { MethodKind: MethodKind.Ordinary, IsExtensionMethod: false } && Related.Semantic.TypeLinks.IsInSource(candidate)) => false,
        InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax { Expression: var qualifier } } => model.GetSymbolInfo(qualifier, cancellationToken).Symbol is not ITypeSymbol,
        _ => true,
    };

    /// <summary>Whether an unknown base may declare another method of the name. Constructors are not inherited, and a class has no more members for an unknown interface.</summary>
    private static bool MayBeOverloaded(ISymbol method) =>
        method is not IMethodSymbol { MethodKind: MethodKind.Constructor } && method.ContainingType is { } type && (type.TypeKind == TypeKind.Interface ? HasUnknownBase(type) : HasUnknownBaseClass(type));

    private static SemanticProblem? CheckConversion(SemanticModel model, ExpressionSyntax value, CancellationToken cancellationToken)
    {
        var info = model.GetTypeInfo(value, cancellationToken);
        // A method's name and null have no type of their own, and yet not every target takes them.
        var mayLackType = value is IdentifierNameSyntax or MemberAccessExpressionSyntax or LiteralExpressionSyntax { RawKind: (int)SyntaxKind.NullLiteralExpression };
        var isUnknown = info.Type is null ? !mayLackType || model.GetSymbolInfo(value, cancellationToken) is { Symbol: null, CandidateReason: CandidateReason.None } && value is not LiteralExpressionSyntax : MentionsError(info.Type, 0);
        if (isUnknown || info.ConvertedType is null || MentionsError(info.ConvertedType, 0))
        {
            return null;
        }

        var conversion = model.GetConversion(value, cancellationToken);
        return conversion is { Exists: true, IsExplicit: false } ? null : new SemanticProblem(RejectionKind.WrongType, value.Span, value.ToString(), value);
    }

    /// <summary>A cast between types of which neither can be the other.</summary>
    private static SemanticProblem? CheckCast(SemanticModel model, CastExpressionSyntax cast, CancellationToken cancellationToken)
    {
        var from = model.GetTypeInfo(cast.Expression, cancellationToken).Type;
        var to = model.GetTypeInfo(cast.Type, cancellationToken).Type;
        var isKnown = from is not null && to is not null && !MentionsError(from, 0) && !MentionsError(to, 0) && !HasUnknownBase(from) && !HasUnknownBase(to);
        return !isKnown || model.Compilation.ClassifyCommonConversion(from!, to!).Exists ? null : new SemanticProblem(RejectionKind.WrongType, cast.Span, cast.Expression.ToString(), cast);
    }

    /// <summary>Only what can be enumerated is looped over.</summary>
    private static SemanticProblem? CheckLoop(SemanticModel model, CommonForEachStatementSyntax loop, CancellationToken cancellationToken)
    {
        if (model.GetTypeInfo(loop.Expression, cancellationToken).Type is null && !model.GetMemberGroup(loop.Expression, cancellationToken).IsEmpty)
        {
            return new SemanticProblem(RejectionKind.Other, loop.Expression.Span, loop.Expression.ToString(), loop.Expression);
        }

        var isKnown = model.GetTypeInfo(loop.Expression, cancellationToken).Type is { TypeKind: TypeKind.Class or TypeKind.Struct or TypeKind.Interface or TypeKind.Enum } && !IsUnknowable(model, loop.Expression, cancellationToken);
        return !isKnown || model.GetForEachStatementInfo(loop).GetEnumeratorMethod is not null ? null : new SemanticProblem(RejectionKind.Other, loop.Expression.Span, loop.Expression.ToString(), loop.Expression);
    }

    /// <summary>Only what was caught is thrown again.</summary>
    private static SemanticProblem? CheckThrow(ThrowStatementSyntax thrown) =>
        thrown.Ancestors().TakeWhile(node => node is not (AnonymousFunctionExpressionSyntax or LocalFunctionStatementSyntax or MemberDeclarationSyntax)).Any(node => node is CatchClauseSyntax)
            ? null
            : new SemanticProblem(RejectionKind.Other, thrown.Span, "throw", thrown);

    /// <summary>A value returned where none is wanted, or none where one is.</summary>
    private static SemanticProblem? CheckReturn(SemanticModel model, ReturnStatementSyntax returned, CancellationToken cancellationToken)
    {
        var isInLambda = returned.Ancestors().FirstOrDefault(node => node is AnonymousFunctionExpressionSyntax or LocalFunctionStatementSyntax or MemberDeclarationSyntax) is AnonymousFunctionExpressionSyntax;
        if (isInLambda || model.GetEnclosingSymbol(returned.SpanStart, cancellationToken) is not IMethodSymbol method || MentionsError(method.ReturnType, 0))
        {
            return null;
        }

        var wantsValue = method.IsAsync ? method.ReturnType is INamedTypeSymbol { IsGenericType: true } : !method.ReturnsVoid;
        return wantsValue == (returned.Expression is not null) ? null : new SemanticProblem(RejectionKind.Other, returned.Span, "return", returned);
    }

    /// <summary>Only calls, assignments and their like are statements.</summary>
    private static SemanticProblem? CheckStatement(ExpressionStatementSyntax statement) => statement.Expression
        is AssignmentExpressionSyntax or InvocationExpressionSyntax or AwaitExpressionSyntax or BaseObjectCreationExpressionSyntax or ConditionalAccessExpressionSyntax
        or PostfixUnaryExpressionSyntax { RawKind: (int)SyntaxKind.PostIncrementExpression or (int)SyntaxKind.PostDecrementExpression }
        or PrefixUnaryExpressionSyntax { RawKind: (int)SyntaxKind.PreIncrementExpression or (int)SyntaxKind.PreDecrementExpression }
        || statement.Expression.IsMissing
            ? null
            : new SemanticProblem(RejectionKind.Other, statement.Expression.Span, statement.Expression.ToString(), statement.Expression);

    /// <summary>A local whose name is taken already.</summary>
    private static SemanticProblem? CheckLocal(SyntaxNode declarator, SyntaxToken name) => name.ValueText.Length > 0 && ScopeNames.IsTaken(declarator, name.ValueText)
        ? new SemanticProblem(RejectionKind.Other, name.Span, name.ValueText, declarator)
        : null;

    /// <summary>A name that introduces something: the label of a named argument or of an anonymous object's member.</summary>
    private static bool IsOnlyANewName(SimpleNameSyntax name) => name.Parent is NameColonSyntax or NameEqualsSyntax { Parent: AnonymousObjectMemberDeclaratorSyntax };

    private static ExpressionSyntax? QualifierOf(SimpleNameSyntax name) => name.Parent switch
    {
        MemberAccessExpressionSyntax access when access.Name == name => access.Expression,
        QualifiedNameSyntax qualified when qualified.Right == name => qualified.Left,
        MemberBindingExpressionSyntax binding => binding.FirstAncestorOrSelf<ConditionalAccessExpressionSyntax>()?.Expression,
        AssignmentExpressionSyntax { Parent: InitializerExpressionSyntax { Parent: ExpressionSyntax creation } } assignment when assignment.Left == name => creation,
        _ => null,
    };

    /// <summary>Whether nothing can be said about the members of an expression: its type is unknown, or is bound at run time.</summary>
    private static bool IsUnknowable(SemanticModel model, SyntaxNode expression, CancellationToken cancellationToken)
    {
        if (model.GetTypeInfo(expression, cancellationToken).Type is { } type)
        {
            return type.TypeKind == TypeKind.Dynamic || MentionsError(type, 0) || HasUnknownBase(type);
        }

        return model.GetSymbolInfo(expression, cancellationToken) switch
        {
            { Symbol: INamespaceSymbol or ITypeSymbol { TypeKind: not TypeKind.Error } } => false,
            { Symbol: IMethodSymbol } => false,
            { CandidateReason: CandidateReason.MemberGroup or CandidateReason.OverloadResolutionFailure } => expression is not (IdentifierNameSyntax or MemberAccessExpressionSyntax),
            _ => expression is not (LiteralExpressionSyntax or AnonymousFunctionExpressionSyntax or DefaultExpressionSyntax or CollectionExpressionSyntax
                or ConditionalExpressionSyntax or SwitchExpressionSyntax or ImplicitObjectCreationExpressionSyntax or DeclarationExpressionSyntax or ThrowExpressionSyntax),
        };
    }

    private static bool HasUnknownBase(ITypeSymbol type)
    {
        if (type is ITypeParameterSymbol parameter)
        {
            return parameter.ConstraintTypes.Any(constraint => MentionsError(constraint, 0));
        }

        return HasUnknownBaseClass(type) || type.AllInterfaces.Any(contract => contract.TypeKind == TypeKind.Error);
    }

    private static bool HasUnknownBaseClass(ITypeSymbol type)
    {
        for (var current = type; current is not null; current = current.BaseType)
        {
            if (current.TypeKind == TypeKind.Error)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Whether a type is unknown or is built from one that is. Depth-limited: a constraint may mention its own type for ever.</summary>
    private static bool MentionsError(ITypeSymbol type, int depth) => type switch
    {
        IErrorTypeSymbol => true,
        _ when depth > 4 => false,
        IArrayTypeSymbol array => MentionsError(array.ElementType, depth + 1),
        IPointerTypeSymbol pointer => MentionsError(pointer.PointedAtType, depth + 1),
        INamedTypeSymbol named => named.TypeArguments.Any(argument => MentionsError(argument, depth + 1)),
        _ => false,
    };

    private static ImmutableArray<IParameterSymbol> ParametersOf(ISymbol symbol) => symbol switch
    {
        IMethodSymbol method => method.Parameters,
        IPropertySymbol property => property.Parameters,
        _ => [],
    };

    private static bool TakesCount(ISymbol symbol, int count)
    {
        var parameters = ParametersOf(symbol).ToList();
        var required = parameters.Count(parameter => !parameter.IsOptional && !parameter.IsParams);
        return count >= required && (count <= parameters.Count || parameters.Any(parameter => parameter.IsParams));
    }
}
