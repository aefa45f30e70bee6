using System.Collections.Immutable;

namespace GptOss.CodeAssist.CSharpContext.Gate;

/// <summary>The gate for languages that no compiler here understands: an answer may not close what it has no business closing.</summary>
/// <remarks>Strings and comments are recognised as the language's family writes them; what is not recognised counts as code. Prose is never cut.</remarks>
public static class BracketBalance
{
    /// <summary>Languages in which a bracket may stand alone.</summary>
    private static readonly HashSet<string> Prose = ["plaintext", "text", "markdown", "latex", "tex", "restructuredtext", "asciidoc", "git-commit", "gitcommit"];

    /// <summary>Cuts an answer before the first bracket that closes nothing: neither of the answer's own, nor one that the text before has open and the text after does not close.</summary>
    /// <param name="languageId">The editor's language identifier, for instance <c>python</c>.</param>
    /// <param name="before">The text before the answer.</param>
    /// <param name="candidate">The answer.</param>
    /// <param name="after">The text after it.</param>
    public static GateVerdict Check(string languageId, string before, string candidate, string after)
    {
        ArgumentNullException.ThrowIfNull(before);
        ArgumentNullException.ThrowIfNull(candidate);
        ArgumentNullException.ThrowIfNull(after);
        if (string.IsNullOrWhiteSpace(candidate))
        {
            return new GateVerdict.Rejected(RejectionKind.Empty, "the answer is empty");
        }

        if (Prose.Contains(languageId))
        {
            return new GateVerdict.ShownAsIs(candidate);
        }

        var spelling = Spelling.Of(languageId);
        var open = ImmutableStack<char>.Empty;
        foreach (var (bracket, _) in BracketsOf(before, spelling))
        {
            open = Follow(open, bracket);
        }

        // What the text after the caret closes is spoken for; the answer may close only what is left, from the inside.
        var spokenFor = UnmatchedClosers(after, spelling);
        var free = Math.Max(0, open.Count() - spokenFor);
        var own = ImmutableStack<char>.Empty;
        foreach (var (bracket, position) in BracketsOf(candidate, spelling))
        {
            if (IsOpener(bracket))
            {
                own = own.Push(bracket);
            }
            else if (!own.IsEmpty && Matches(own.Peek(), bracket))
            {
                own = own.Pop();
            }
            else if (own.IsEmpty && free > 0 && Matches(open.Peek(), bracket))
            {
                open = open.Pop();
                free--;
            }
            else
            {
                var kept = candidate[..position].TrimEnd();
                return kept.Length == 0
                    ? new GateVerdict.Rejected(RejectionKind.Syntax, $"'{bracket}' closes nothing here")
                    : new GateVerdict.CutTo(kept, kept.Length, string.Empty, $"'{bracket}' closes nothing here");
            }
        }

        return new GateVerdict.ShownAsIs(candidate);
    }

    private static bool IsOpener(char bracket) => bracket is '(' or '[' or '{';

    private static bool Matches(char opener, char closer) => (opener, closer) is ('(', ')') or ('[', ']') or ('{', '}');

    /// <summary>A closer that fits nothing is passed over: a text that is being written has such places.</summary>
    private static ImmutableStack<char> Follow(ImmutableStack<char> open, char bracket) =>
        IsOpener(bracket) ? open.Push(bracket) : !open.IsEmpty && Matches(open.Peek(), bracket) ? open.Pop() : open;

    private static int UnmatchedClosers(string text, Spelling spelling)
    {
        var open = ImmutableStack<char>.Empty;
        var unmatched = 0;
        foreach (var (bracket, _) in BracketsOf(text, spelling))
        {
            if (IsOpener(bracket))
            {
                open = open.Push(bracket);
            }
            else if (!open.IsEmpty && Matches(open.Peek(), bracket))
            {
                open = open.Pop();
            }
            else
            {
                unmatched++;
            }
        }

        return unmatched;
    }

    /// <summary>The brackets outside strings and comments, with their positions.</summary>
    private static IEnumerable<(char Bracket, int Position)> BracketsOf(string text, Spelling spelling)
    {
        for (var index = 0; index < text.Length; index++)
        {
            var character = text[index];
            if (character is '(' or '[' or '{' or ')' or ']' or '}')
            {
                yield return (character, index);
            }
            else if (character == '\'' && !spelling.HasQuotedStrings)
            {
                index = EndOfCharacter(text, index);
            }
            else if (character is '"' or '\'' or '`')
            {
                index = EndOfString(text, index);
            }
            else if (spelling.HasSlashComments && character == '/' && index + 1 < text.Length && text[index + 1] is '/' or '*')
            {
                index = text[index + 1] == '/' ? EndOfLine(text, index) : EndOfComment(text, index);
            }
            else if (spelling.HasHashComments && character == '#' && (index == 0 || char.IsWhiteSpace(text[index - 1]) || text[index - 1] is '(' or '[' or '{' or ')' or ']' or '}' or ',' or ';' or ':'))
            {
                index = EndOfLine(text, index);
            }
        }
    }

    /// <summary>The end of a character literal, <c>'x'</c> or <c>'\\n'</c>; the quote itself where it is something else, as a lifetime in Rust.</summary>
    private static int EndOfCharacter(string text, int start)
    {
        var end = start + (start + 1 < text.Length && text[start + 1] == '\\' ? 3 : 2);
        return end < text.Length && text[end] == '\'' ? end : start;
    }

    /// <summary>The closing quote; the opening one itself where its line has no other: an apostrophe opens nothing.</summary>
    private static int EndOfString(string text, int start)
    {
        var quote = text[start];
        if (quote != '`' && start + 2 < text.Length && text[start + 1] == quote && text[start + 2] == quote)
        {
            var end = text.IndexOf(new string(quote, 3), start + 3, StringComparison.Ordinal);
            return end < 0 ? text.Length : end + 2;
        }

        for (var index = start + 1; index < text.Length && (quote == '`' || text[index] != '\n'); index++)
        {
            if (text[index] == '\\')
            {
                index++;
            }
            else if (text[index] == quote)
            {
                return index;
            }
        }

        return start;
    }

    private static int EndOfLine(string text, int start) => text.IndexOf('\n', start) is var end and >= 0 ? end : text.Length;

    private static int EndOfComment(string text, int start) => text.IndexOf("*/", start + 2, StringComparison.Ordinal) is var end and >= 0 ? end + 1 : text.Length;

    /// <summary>How a language writes comments and strings.</summary>
    private sealed record Spelling(bool HasSlashComments, bool HasHashComments, bool HasQuotedStrings)
    {
        private static readonly HashSet<string> Hash =
        [
            "python", "shellscript", "sh", "bash", "zsh", "yaml", "dockercompose", "ruby", "perl", "r", "julia", "elixir", "powershell", "ps1", "makefile", "make", "dockerfile", "cmake", "toml", "ini", "properties", "coffeescript", "graphql", "nim", "nix", "php", "terraform", "hcl",
        ];

        /// <summary>Of those with hash comments, the few that have the C family's too; elsewhere two slashes divide, or stand in an address.</summary>
        private static readonly HashSet<string> HashAndSlashes = ["php", "terraform", "hcl"];

        /// <summary>Languages in which an apostrophe begins a character, a lifetime, a type variable, a symbol or a comment.</summary>
        private static readonly HashSet<string> NoQuotedStrings = ["rust", "haskell", "ocaml", "fsharp", "clojure", "lisp", "scheme", "elm", "vb", "c", "cpp", "csharp", "java", "kotlin", "scala", "go", "swift", "zig", "ada", "vhdl", "verilog"];

        public static Spelling Of(string languageId)
        {
            var hasHash = Hash.Contains(languageId);
            return new Spelling(!hasHash || HashAndSlashes.Contains(languageId), hasHash, !NoQuotedStrings.Contains(languageId));
        }
    }
}
