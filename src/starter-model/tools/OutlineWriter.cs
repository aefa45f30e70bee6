using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace GptOss.CodeAssist.StarterModel;

/// <summary>
/// Writes a type's outline in the form in which the assistant shows related types to a model, from syntax alone: a line with its
/// header, its best signatures and its other members' names. The model learns here to take names from it.
/// </summary>
internal static class OutlineWriter
{
    private const int MaximumSignatures = 12;
    private const int MaximumNames = 60;
    private const int MaximumLength = 1_400;

    /// <returns>The type's simple name and its outline; null where there is nothing to tell.</returns>
    public static (string Name, string Outline)? Write(MemberDeclarationSyntax declaration) => declaration switch
    {
        EnumDeclarationSyntax type => (type.Identifier.Text, Cut($"enum {type.Identifier.Text} {{ {string.Join(", ", type.Members.Take(MaximumNames).Select(member => member.Identifier.Text))} }}")),
        DelegateDeclarationSyntax type => (type.Identifier.Text, Cut($"delegate {Line(type.ReturnType)} {type.Identifier.Text}{Line(type.TypeParameterList)}{Parameters(type.ParameterList)}")),
        TypeDeclarationSyntax type => WriteType(type) is { } outline ? (type.Identifier.Text, Cut(outline)) : null,
        _ => null,
    };

    private static string? WriteType(TypeDeclarationSyntax type)
    {
        var told = type.Members.Where(member => IsTold(member, type)).SelectMany(Describe).ToList();
        var constructor = type.Members.OfType<ConstructorDeclarationSyntax>()
            .Where(candidate => candidate.ParameterList.Parameters.Count > 0 && !candidate.Modifiers.Any(SyntaxKind.PrivateKeyword) && !candidate.Modifiers.Any(SyntaxKind.StaticKeyword))
            .MinBy(candidate => candidate.ParameterList.Parameters.Count);
        var primary = constructor?.ParameterList ?? type.ParameterList;
        if (told.Count == 0 && primary is null)
        {
            return null;
        }

        var text = new StringBuilder(Header(type)).Append(" { ");
        if (primary is not null)
        {
            text.Append(type.Identifier.Text).Append(Parameters(primary)).Append("; ");
        }

        foreach (var (signature, _) in told.Take(MaximumSignatures))
        {
            text.Append(signature).Append("; ");
        }

        var rest = told.Skip(MaximumSignatures).Select(member => member.Name)
            .Except(told.Take(MaximumSignatures).Select(member => member.Name), StringComparer.Ordinal)
            .Take(MaximumNames - MaximumSignatures).ToList();
        return text.Append(rest.Count > 0 ? $"/* {string.Join(", ", rest)} */ }}" : "}").ToString();
    }

    private static string Header(TypeDeclarationSyntax type)
    {
        var kind = type switch
        {
            RecordDeclarationSyntax => "record",
            InterfaceDeclarationSyntax => "interface",
            StructDeclarationSyntax => "struct",
            _ => type.Modifiers.Any(SyntaxKind.StaticKeyword) ? "static class" : "class",
        };
        var outer = type.Parent is TypeDeclarationSyntax parent ? parent.Identifier.Text + "." : string.Empty;
        var bases = type.BaseList is null ? string.Empty : " : " + string.Join(", ", type.BaseList.Types.Take(5).Select(item => Line(item.Type)));
        return $"{kind} {outer}{type.Identifier.Text}{Line(type.TypeParameterList)}{bases}";
    }

    private static bool IsTold(MemberDeclarationSyntax member, TypeDeclarationSyntax type)
    {
        var modifiers = member.Modifiers;
        var isInherited = modifiers.Any(SyntaxKind.ProtectedKeyword) && (modifiers.Any(SyntaxKind.AbstractKeyword) || modifiers.Any(SyntaxKind.VirtualKeyword));
        return type is InterfaceDeclarationSyntax || (!(modifiers.Any(SyntaxKind.OverrideKeyword) && member is MethodDeclarationSyntax)
            && (isInherited || modifiers.Any(SyntaxKind.PublicKeyword) || modifiers.Any(SyntaxKind.InternalKeyword)));
    }

    private static IEnumerable<(string Signature, string Name)> Describe(MemberDeclarationSyntax member)
    {
        var prefix = member.Modifiers.Any(SyntaxKind.StaticKeyword) || member.Modifiers.Any(SyntaxKind.ConstKeyword) ? "static " : string.Empty;
        return member switch
        {
            MethodDeclarationSyntax method => [($"{prefix}{Line(method.ReturnType)} {method.Identifier.Text}{Line(method.TypeParameterList)}{Parameters(method.ParameterList)}", method.Identifier.Text)],
            PropertyDeclarationSyntax property => [($"{prefix}{Line(property.Type)} {property.Identifier.Text}", property.Identifier.Text)],
            EventDeclarationSyntax happening => [($"{prefix}{Line(happening.Type)} {happening.Identifier.Text}", happening.Identifier.Text)],
            BaseFieldDeclarationSyntax field => field.Declaration.Variables.Select(variable => ($"{prefix}{Line(field.Declaration.Type)} {variable.Identifier.Text}", variable.Identifier.Text)),
            _ => [],
        };
    }

    private static string Parameters(BaseParameterListSyntax list) =>
        $"({string.Join(", ", list.Parameters.Select(parameter => Line(parameter.WithAttributeLists(default))))})";

    /// <summary>A node on one line, without comments.</summary>
    private static string Line(SyntaxNode? node) =>
        node is null ? string.Empty : string.Join(' ', node.WithoutTrivia().NormalizeWhitespace(string.Empty, " ").ToString().Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

    private static string Cut(string outline) => outline.Length <= MaximumLength ? outline : outline[..MaximumLength];
}
