namespace GptOss.CodeAssist.Server;

/// <summary>The protocol's names of languages, where editors send their own.</summary>
internal static class LanguageIds
{
    private const string CSharp = "csharp";

    /// <summary>Vim and Neovim say <c>cs</c>, Helix <c>c-sharp</c>, Kate <c>c#</c>.</summary>
    private static readonly HashSet<string> CSharpNames = new(StringComparer.OrdinalIgnoreCase) { CSharp, "cs", "c-sharp", "c#" };

    public static string Normalize(string languageId) => CSharpNames.Contains(languageId) ? CSharp : languageId;
}
