using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace GptOss.CodeAssist.CSharpContext.Gate;

/// <summary>Looks at the attributes of new declarations with the last good compilation's symbols.</summary>
internal static class AttributeCheck
{
    /// <summary>True where all that stand in the candidate are known, take their arguments and may stand on such a declaration; false where one may not, or nobody can tell without a fork.</summary>
    /// <param name="owner">What they stand on.</param>
    public static bool AreClean(DeclaredNames names, SyntaxList<AttributeListSyntax> lists, SyntaxNode owner)
    {
        if (!lists.Any(list => list.Span.OverlapsWith(names.Span)))
        {
            return true;
        }

        var all = lists.SelectMany(list => list.Attributes).ToList();
        return FindTarget(owner) is { } target && lists.All(list => list.Target is null)
            && all.Where(attribute => attribute.Span.OverlapsWith(names.Span)).All(attribute => IsClean(names, attribute, target, isAlone: all.Count(other => NameOf(other) == NameOf(attribute)) == 1));
    }

    private static bool IsClean(DeclaredNames names, AttributeSyntax attribute, AttributeTargets target, bool isAlone)
    {
        if (!names.Model.TryGetSpeculativeSemanticModel(names.Position, attribute, out var model))
        {
            return false;
        }

        if (model.GetSymbolInfo(attribute, names.CancellationToken).Symbol is not IMethodSymbol { ContainingType: var type } || IsLookedAtClosely(type))
        {
            names.FindUnknown(attribute.Name, "Attribute");
            return false;
        }

        foreach (var named in attribute.ArgumentList?.Arguments.Select(argument => argument.Expression).OfType<TypeOfExpressionSyntax>() ?? [])
        {
            names.FindUnknown(named.Type);
        }

        var (validOn, allowsMultiple) = FindUsage(type);
        return (validOn & target) != 0 && (isAlone || allowsMultiple)
            && (attribute.ArgumentList is null || (attribute.ArgumentList.Arguments.All(argument => IsConstant(model, argument.Expression, names.CancellationToken)) && OperationCheck.IsClean(model, attribute, names.Span, out _, names.CancellationToken)));
    }

    private static bool IsConstant(SemanticModel model, ExpressionSyntax value, CancellationToken cancellationToken) =>
        value is TypeOfExpressionSyntax || model.GetConstantValue(value, cancellationToken).HasValue;

    /// <summary>The compiler has rules of its own for attributes that speak to the runtime or to itself.</summary>
    private static bool IsLookedAtClosely(INamedTypeSymbol type)
    {
        for (var space = type.ContainingNamespace; space is { IsGlobalNamespace: false }; space = space.ContainingNamespace)
        {
            if (space is { Name: "Runtime", ContainingNamespace: { Name: "System", ContainingNamespace.IsGlobalNamespace: true } })
            {
                return type.ContainingNamespace.Name is "InteropServices" or "CompilerServices";
            }
        }

        return type.Name is "ConditionalAttribute" or "AttributeUsageAttribute" && type.ContainingNamespace.Name is "Diagnostics";
    }

    private static string NameOf(AttributeSyntax attribute) => attribute.Name.ToString() is var name && name.EndsWith("Attribute", StringComparison.Ordinal) ? name[..^"Attribute".Length] : attribute.Name.ToString();

    private static (AttributeTargets ValidOn, bool AllowsMultiple) FindUsage(INamedTypeSymbol type)
    {
        for (var current = type; current is not null; current = current.BaseType)
        {
            if (current.GetAttributes().FirstOrDefault(one => one.AttributeClass is { Name: "AttributeUsageAttribute", ContainingNamespace: { Name: "System", ContainingNamespace.IsGlobalNamespace: true } }) is { } usage)
            {
                var validOn = usage.ConstructorArguments is [{ Value: int value }, ..] ? (AttributeTargets)value : AttributeTargets.All;
                return (validOn, usage.NamedArguments.FirstOrDefault(argument => argument.Key == "AllowMultiple").Value.Value is true);
            }
        }

        return (AttributeTargets.All, false);
    }

    private static AttributeTargets? FindTarget(SyntaxNode owner) => owner switch
    {
        EnumDeclarationSyntax => AttributeTargets.Enum,
        InterfaceDeclarationSyntax => AttributeTargets.Interface,
        StructDeclarationSyntax => AttributeTargets.Struct,
        RecordDeclarationSyntax record => record.ClassOrStructKeyword.IsKind(SyntaxKind.StructKeyword) ? AttributeTargets.Struct : AttributeTargets.Class,
        ClassDeclarationSyntax => AttributeTargets.Class,
        DelegateDeclarationSyntax => AttributeTargets.Delegate,
        ConstructorDeclarationSyntax => AttributeTargets.Constructor,
        BaseMethodDeclarationSyntax => AttributeTargets.Method,
        PropertyDeclarationSyntax or IndexerDeclarationSyntax => AttributeTargets.Property,
        EventDeclarationSyntax or EventFieldDeclarationSyntax => AttributeTargets.Event,
        FieldDeclarationSyntax or EnumMemberDeclarationSyntax => AttributeTargets.Field,
        ParameterSyntax => AttributeTargets.Parameter,
        _ => null,
    };
}
