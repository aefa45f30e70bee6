using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace GptOss.CodeAssist.CSharpContext.Gate;

/// <summary>Reasons to believe that an unknown name exists after all: missing packages, unseen generated code, unknown base types.</summary>
/// <remarks>A good candidate refused costs the user more than a bad one shown, so every doubt speaks for the candidate.</remarks>
internal sealed class Doubt(CSharpDocument document, SemanticModel model)
{
    private bool? _hasUnresolvedUsings;

    public bool Covers(SemanticProblem problem, CancellationToken cancellationToken)
    {
        if (problem.Kind != RejectionKind.UnknownName || problem.Node is not SimpleNameSyntax name)
        {
            return false;
        }

        // A member of a missing package or of generated code is used somewhere else too; a name that the whole workspace has never seen is invented.
        if (document.Project is { } project && name.Identifier.ValueText.Length > 1 && !project.IsWordUsed(name.Identifier.ValueText))
        {
            return false;
        }

        var qualifier = name.Parent switch
        {
            MemberAccessExpressionSyntax access when access.Name == name => access.Expression,
            MemberBindingExpressionSyntax binding => binding.FirstAncestorOrSelf<ConditionalAccessExpressionSyntax>()?.Expression,
            QualifiedNameSyntax qualified when qualified.Right == name => (SyntaxNode)qualified.Left,
            _ => null,
        };
        if (qualifier is null)
        {
            // A bare name may be inherited, generated, or come with a package that is not there; one in small letters is no type of a package.
            var mayBeImported = name.Identifier.ValueText is not [>= 'a' and <= 'z', ..] && HasUnresolvedUsings(cancellationToken);
            return mayBeImported || EnclosingTypes(name).Any(type => MayHaveUnseenMembers(type, name.Identifier.ValueText, isBare: true));
        }

        var symbol = model.GetSymbolInfo(qualifier, cancellationToken).Symbol;
        var type = model.GetTypeInfo(qualifier, cancellationToken).Type ?? symbol as ITypeSymbol;
        if (type is null)
        {
            return !(document.Project?.ReferencesComplete ?? false);
        }

        // A missing package may extend an interface of another one in that one's namespace: that all usings resolve proves nothing there.
        var isForeignContract = type.TypeKind == TypeKind.Interface && !Related.Semantic.TypeLinks.IsInSource(type) && document.Project is not { ReferencesComplete: true };
        var mayBeExtension = IsCalled(name) && symbol is not ITypeSymbol && (isForeignContract || HasUnresolvedUsings(cancellationToken));
        return mayBeExtension || MayHaveUnseenMembers(type, name.Identifier.ValueText);
    }

    private static bool IsCalled(SimpleNameSyntax name) => name.Parent is { Parent: InvocationExpressionSyntax invocation } access && invocation.Expression == access;

    private IEnumerable<INamedTypeSymbol> EnclosingTypes(SyntaxNode node)
    {
        INamedTypeSymbol? type;
        try
        {
            type = model.GetEnclosingSymbol(node.SpanStart)?.ContainingType;
        }
        catch (Exception exception) when (exception is ArgumentException or NullReferenceException)
        {
            type = null; // dotnet/roslyn#70575: no answer is no reason for doubt.
        }

        for (; type is not null; type = type.ContainingType)
        {
            yield return type;
        }
    }

    /// <param name="name">The member that is looked for; null for any.</param>
    /// <param name="isBare">Whether it is called by its name alone, as no class calls what only its interfaces have.</param>
    public bool MayHaveUnseenMembers(ITypeSymbol type, string? name = null, bool isBare = false)
    {
        // What generators make for others to use is named as such: a name in small letters is a local or a field that nobody declared.
        var mayBeGenerated = document.Project is { GeneratorsRan: false } && name is not [>= 'a' and <= 'z', ..];
        for (var current = type; current is not null; current = current.BaseType)
        {
            if (current.TypeKind == TypeKind.Error || current.TypeKind == TypeKind.Dynamic)
            {
                return true;
            }

            if (mayBeGenerated && IsPartial(current) && HasForeignAttribute(current))
            {
                return true;
            }
        }

        return ((!isBare || type.TypeKind == TypeKind.Interface) && type.AllInterfaces.Any(contract => contract.TypeKind == TypeKind.Error))
            || type is ITypeParameterSymbol parameter && parameter.ConstraintTypes.Any(constraint => constraint.TypeKind == TypeKind.Error);
    }

    private static bool IsPartial(ITypeSymbol type) =>
        type.DeclaringSyntaxReferences.Any(reference => reference.GetSyntax() is TypeDeclarationSyntax declaration && declaration.Modifiers.Any(SyntaxKind.PartialKeyword));

    /// <summary>Generators are driven by attributes; those of the base class library that add members are the JSON ones.</summary>
    private static bool HasForeignAttribute(ITypeSymbol type) =>
        type.GetAttributes().Concat(type.GetMembers().SelectMany(member => member.GetAttributes())).Any(attribute =>
            attribute.AttributeClass is not { } attributeClass
            || attributeClass.TypeKind == TypeKind.Error
            || attributeClass.Name == "JsonSerializableAttribute"
            || !IsInSystem(attributeClass.ContainingNamespace));

    private static bool IsInSystem(INamespaceSymbol? space)
    {
        for (; space is { IsGlobalNamespace: false }; space = space.ContainingNamespace)
        {
            if (space.ContainingNamespace is { IsGlobalNamespace: true })
            {
                return space.Name is "System";
            }
        }

        return false;
    }

    public bool HasUnresolvedUsings(CancellationToken cancellationToken) => _hasUnresolvedUsings ??= FindUnresolvedUsings(cancellationToken);

    private bool FindUnresolvedUsings(CancellationToken cancellationToken)
    {
        if (document.Project is not { } project)
        {
            return true;
        }

        if (project.HasUnresolvedGlobalUsings(cancellationToken))
        {
            return true;
        }

        if (document.CompiledTree is not { } tree)
        {
            return true;
        }

        // The compiled tree is asked, because a speculative model knows nothing outside its member.
        return UnresolvedUsings.Any(project.Compilation, tree, cancellationToken);
    }
}
