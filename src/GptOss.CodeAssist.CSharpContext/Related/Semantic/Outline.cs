using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Text;
using Microsoft.CodeAnalysis;

namespace GptOss.CodeAssist.CSharpContext.Related.Semantic;

/// <summary>A type written down in a few tokens: names for the brief form, the best signatures and the other names for the full one.</summary>
/// <remarks>What depends on the type alone is kept as long as its symbol lives, which is until the next change of declarations.</remarks>
internal sealed class Outline
{
    private const int MaximumSignatures = 12;
    private const int MaximumNames = 60;

    /// <summary>An enumeration is its names, and code that maps or lists them wants them all; the budget decides how many are told.</summary>
    private const int MaximumValues = 240;

    private static readonly SymbolDisplayFormat SignatureFormat = new(
        genericsOptions: SymbolDisplayGenericsOptions.IncludeTypeParameters,
        memberOptions: SymbolDisplayMemberOptions.IncludeParameters | SymbolDisplayMemberOptions.IncludeType | SymbolDisplayMemberOptions.IncludeRef,
        parameterOptions: SymbolDisplayParameterOptions.IncludeType | SymbolDisplayParameterOptions.IncludeName | SymbolDisplayParameterOptions.IncludeParamsRefOut | SymbolDisplayParameterOptions.IncludeDefaultValue,
        miscellaneousOptions: SymbolDisplayMiscellaneousOptions.UseSpecialTypes | SymbolDisplayMiscellaneousOptions.IncludeNullableReferenceTypeModifier | SymbolDisplayMiscellaneousOptions.EscapeKeywordIdentifiers);

    private static readonly ConditionalWeakTable<INamedTypeSymbol, Outline> Known = [];

    private readonly INamedTypeSymbol _type;
    private readonly string _header;
    private readonly ImmutableArray<OutlineMember> _members;

    private Outline(INamedTypeSymbol type)
    {
        _type = type;
        _header = HeaderOf(type);
        _members = [.. type.GetMembers().Where(IsTold).Select(member => new OutlineMember(member))];
        DisplayName = type.ToDisplayString();
        Paths = [.. type.Locations.Where(location => location.IsInSource).Select(location => location.SourceTree!.FilePath)];
    }

    public string DisplayName { get; }

    /// <summary>The files that declare the type.</summary>
    public ImmutableArray<string> Paths { get; }

    public static string SignatureOf(ISymbol member) => member.ToDisplayString(SignatureFormat);

    public static Outline Of(INamedTypeSymbol type) => Known.GetValue(type, static type => new Outline(type));

    /// <param name="fromPath">The file that is being edited: what it declares itself is left out.</param>
    /// <param name="isOwn">Whether private and protected members are usable at the caret.</param>
    /// <param name="relevance">How likely a member's name is wanted; higher comes first.</param>
    /// <returns>What stands before the names, the names, most wanted first, and a maker of the form with signatures; null where nothing of the type is worth telling.</returns>
    public (string Header, ImmutableArray<string> Names, Func<string>? Full)? Write(string fromPath, bool isOwn, Func<string, double> relevance)
    {
        var isElsewhere = !Paths.Contains(fromPath, CompiledProject.PathComparer);
        var members = _members.Where(member => member.IsUsable(isOwn, isPartOfOwn: isOwn && !isElsewhere) && (isElsewhere || !member.Paths.Contains(fromPath, CompiledProject.PathComparer))).ToList();
        if (members.Count == 0 && !isElsewhere)
        {
            return null;
        }

        if (_type.TypeKind == TypeKind.Delegate)
        {
            var text = "delegate " + _type.DelegateInvokeMethod?.ToDisplayString(SignatureFormat).Replace("Invoke", _type.Name, StringComparison.Ordinal);
            return (text, [], null);
        }

        var ranked = members.OrderByDescending(member => relevance(member.Name)).ToList();
        var names = ranked.Select(member => member.Name).Distinct(StringComparer.Ordinal).ToList();
        return (_header, [.. names.Take(_type.TypeKind == TypeKind.Enum ? MaximumValues : MaximumNames)], _type.TypeKind == TypeKind.Enum || names.Count == 0 && FindConstructor() is null ? null : () => WriteFull(ranked, names));
    }

    private IMethodSymbol? FindConstructor() => _type.IsRecord ? null : _type.InstanceConstructors
        .Where(candidate => candidate is { IsImplicitlyDeclared: false, DeclaredAccessibility: not Accessibility.Private, Parameters.Length: > 0 })
        .MinBy(candidate => candidate.Parameters.Length);

    private string WriteFull(List<OutlineMember> ranked, List<string> names)
    {
        var shown = ranked.Where(member => member.Symbol is not INamedTypeSymbol).Take(MaximumSignatures).ToList();
        var constructor = FindConstructor();
        var text = new StringBuilder(_header).Append(" { ");
        if (constructor is not null)
        {
            text.Append(constructor.ToDisplayString(SignatureFormat)).Append("; ");
        }

        foreach (var member in shown)
        {
            text.Append(member.Symbol.IsStatic ? "static " : string.Empty).Append(member.Signature).Append("; ");
        }

        var told = shown.Select(member => member.Symbol.Name).ToHashSet(StringComparer.Ordinal);
        var rest = names.Where(name => !told.Contains(name)).Take(MaximumNames - told.Count).ToList();
        if (rest.Count > 0)
        {
            text.Append("/* ").AppendJoin(", ", rest).Append(" */ ");
        }

        return text.Append('}').ToString();
    }

    private static string HeaderOf(INamedTypeSymbol type)
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
            bases.Add(ShortName(baseType));
        }

        bases.AddRange(type.TypeKind == TypeKind.Enum ? [] : type.Interfaces.Take(4).Select(ShortName));
        var name = (type.ContainingType is { } outer ? outer.Name + "." : string.Empty) + ShortName(type);
        return $"{kind} {name}{(bases.Count > 0 ? " : " + string.Join(", ", bases) : string.Empty)}";
    }

    private static string ShortName(INamedTypeSymbol type) => type.TypeArguments.IsEmpty ? type.Name : $"{type.Name}<{string.Join(", ", type.TypeArguments.Select(argument => argument.Name))}>";

    private static bool IsTold(ISymbol member) =>
        !member.IsImplicitlyDeclared
        && member.CanBeReferencedByName
        && !(member.IsOverride && member is IMethodSymbol)
        && member is IMethodSymbol { MethodKind: MethodKind.Ordinary } or IPropertySymbol or IFieldSymbol or IEventSymbol or INamedTypeSymbol;

    private sealed class OutlineMember(ISymbol symbol)
    {
        private readonly Accessibility _accessibility = symbol.DeclaredAccessibility;
        private string? _signature;

        public ISymbol Symbol { get; } = symbol;

        public string Name { get; } = symbol.Name;

        public ImmutableArray<string> Paths { get; } = [.. symbol.Locations.Where(location => location.IsInSource).Select(location => location.SourceTree!.FilePath)];

        public string Signature => _signature ??= Symbol.ToDisplayString(SignatureFormat);

        public bool IsUsable(bool isOwn, bool isPartOfOwn) => _accessibility switch
        {
            Accessibility.Private => isPartOfOwn,
            Accessibility.Protected or Accessibility.ProtectedAndInternal => isOwn || Symbol.IsAbstract || Symbol.IsVirtual,
            _ => true,
        };
    }
}
