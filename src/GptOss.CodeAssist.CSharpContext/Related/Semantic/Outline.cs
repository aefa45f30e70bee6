using System.Text;
using Microsoft.CodeAnalysis;

namespace GptOss.CodeAssist.CSharpContext.Related.Semantic;

/// <summary>Writes a type down in a few tokens: names for the short form, the best signatures and the other names for the full one.</summary>
internal static class Outline
{
    public const int MaximumSignatures = 12;
    public const int MaximumNames = 60;

    private static readonly SymbolDisplayFormat SignatureFormat = new(
        genericsOptions: SymbolDisplayGenericsOptions.IncludeTypeParameters,
        memberOptions: SymbolDisplayMemberOptions.IncludeParameters | SymbolDisplayMemberOptions.IncludeType | SymbolDisplayMemberOptions.IncludeRef,
        parameterOptions: SymbolDisplayParameterOptions.IncludeType | SymbolDisplayParameterOptions.IncludeName | SymbolDisplayParameterOptions.IncludeParamsRefOut | SymbolDisplayParameterOptions.IncludeDefaultValue,
        miscellaneousOptions: SymbolDisplayMiscellaneousOptions.UseSpecialTypes | SymbolDisplayMiscellaneousOptions.IncludeNullableReferenceTypeModifier | SymbolDisplayMiscellaneousOptions.EscapeKeywordIdentifiers);

    /// <param name="type">The type.</param>
    /// <param name="fromPath">The file that is being edited: what it declares itself is left out.</param>
    /// <param name="isOwn">Whether private and protected members are usable at the caret.</param>
    /// <param name="relevance">How likely a member's name is wanted; higher comes first.</param>
    /// <returns>Null where nothing of the type is worth telling.</returns>
    public static (string Brief, string Full)? Write(INamedTypeSymbol type, string fromPath, bool isOwn, Func<string, double> relevance)
    {
        var isElsewhere = !type.Locations.Any(location => IsAt(location, fromPath));
        var members = MembersOf(type, fromPath, isOwn, isElsewhere).ToList();
        if (members.Count == 0 && !isElsewhere)
        {
            return null;
        }

        var ranked = members
            .Select((member, index) => (Member: member, Index: index, Relevance: relevance(member.Name)))
            .OrderByDescending(entry => entry.Relevance).ThenBy(entry => entry.Index)
            .Select(entry => entry.Member)
            .ToList();
        var names = ranked.Select(NameOf).Distinct(StringComparer.Ordinal).ToList();
        var header = Header(type);
        var shortForm = names.Count == 0 ? header : $"{header} {{ {string.Join(", ", names.Take(MaximumNames))} }}";
        var signatures = new StringBuilder(header);
        if (type.TypeKind == TypeKind.Enum)
        {
            return (shortForm, shortForm);
        }

        if (type.TypeKind == TypeKind.Delegate)
        {
            var text = "delegate " + type.DelegateInvokeMethod?.ToDisplayString(SignatureFormat).Replace("Invoke", type.Name, StringComparison.Ordinal);
            return (text, text);
        }

        var shown = ranked.Where(member => member is not INamedTypeSymbol).Take(MaximumSignatures).ToList();
        var constructor = type.InstanceConstructors.Where(candidate => candidate is { IsImplicitlyDeclared: false, DeclaredAccessibility: not Accessibility.Private, Parameters.Length: > 0 }).OrderBy(candidate => candidate.Parameters.Length).FirstOrDefault();
        if (shown.Count == 0 && constructor is null)
        {
            return (shortForm, shortForm);
        }

        signatures.Append(" { ");
        if (constructor is not null && !type.IsRecord)
        {
            signatures.Append(constructor.ToDisplayString(SignatureFormat)).Append("; ");
        }

        foreach (var member in shown)
        {
            signatures.Append(member.IsStatic ? "static " : string.Empty).Append(member.ToDisplayString(SignatureFormat)).Append("; ");
        }

        var told = shown.Select(NameOf).ToHashSet(StringComparer.Ordinal);
        var rest = names.Where(name => !told.Contains(name)).Take(MaximumNames - told.Count).ToList();
        if (rest.Count > 0)
        {
            signatures.Append("/* ").AppendJoin(", ", rest).Append(" */ ");
        }

        return (shortForm, signatures.Append('}').ToString());
    }

    public static string Signature(ISymbol member) => member.ToDisplayString(SignatureFormat);

    private static string Header(INamedTypeSymbol type)
    {
        var kind = type switch
        {
            { IsRecord: true } => "record",
            { TypeKind: TypeKind.Interface } => "interface",
            { TypeKind: TypeKind.Struct } => "struct",
            { TypeKind: TypeKind.Enum } => "enum",
            { IsStatic: true } => "static class",
            _ => "class",
        };
        var bases = new List<string>();
        if (type.BaseType is { SpecialType: SpecialType.None } baseType && type.TypeKind == TypeKind.Class)
        {
            bases.Add(baseType.ToDisplayString(SymbolDisplayFormat.MinimallyQualifiedFormat));
        }

        bases.AddRange(type.TypeKind == TypeKind.Enum ? [] : type.Interfaces.Take(4).Select(contract => contract.ToDisplayString(SymbolDisplayFormat.MinimallyQualifiedFormat)));
        var name = (type.ContainingType is { } outer ? outer.Name + "." : string.Empty) + type.ToDisplayString(SymbolDisplayFormat.MinimallyQualifiedFormat.WithMemberOptions(SymbolDisplayMemberOptions.None)).Split('.')[^1];
        return $"{kind} {name}{(bases.Count > 0 ? " : " + string.Join(", ", bases) : string.Empty)}";
    }

    private static IEnumerable<ISymbol> MembersOf(INamedTypeSymbol type, string fromPath, bool isOwn, bool isElsewhere) => type.GetMembers().Where(member =>
        !member.IsImplicitlyDeclared
        && member.CanBeReferencedByName
        && (member.DeclaredAccessibility != Accessibility.Private || isOwn && !isElsewhere)
        && (isOwn || member.DeclaredAccessibility is not (Accessibility.Protected or Accessibility.ProtectedAndInternal) || member.IsAbstract || member.IsVirtual)
        && !(member.IsOverride && member is IMethodSymbol)
        && !member.Locations.Any(location => IsAt(location, fromPath))
        && member is IMethodSymbol { MethodKind: MethodKind.Ordinary } or IPropertySymbol or IFieldSymbol or IEventSymbol or INamedTypeSymbol);

    private static string NameOf(ISymbol member) => member.Name;

    private static bool IsAt(Location location, string path) => location.SourceTree is { } tree && CompiledProject.PathComparer.Equals(tree.FilePath, path);
}
