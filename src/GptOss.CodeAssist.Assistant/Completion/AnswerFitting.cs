using System.Buffers;
using Microsoft.CodeAnalysis.Text;

namespace GptOss.CodeAssist.Assistant.Completion;

/// <summary>Fits a decided answer into the document: what is already there is taken away, what the editor inserted is replaced.</summary>
internal static class AnswerFitting
{
    /// <summary>After one of these an unfinished line may end.</summary>
    private static readonly SearchValues<char> Ends = SearchValues.Create(";,)}>]");

    /// <summary>Text to insert at the caret, in the file's style, with the span that it replaces; null with a reason when nothing is left.</summary>
    /// <param name="mayReplace">Whether text after the caret may be replaced; the editor's pop-up dictates the range otherwise.</param>
    public static FittedAnswer? Fit(CaretSite site, DecidedText answer, bool mayReplace, out string refusal)
    {
        refusal = answer.Refusal ?? "";
        var text = answer.Text;
        if (answer.Refusal is not null)
        {
            return null;
        }

        text = answer.IsCutShort ? WithoutUnfinishedEnd(site, text) : text;
        text = TrimmedStart(site, text).TrimEnd();
        if (text.Length == 0)
        {
            return null;
        }

        var replaced = 0;
        if (site.LineAfter.Length > 0)
        {
            if (site.OnlyClosersFollow)
            {
                (text, replaced) = MeetClosers(site, text, mayReplace);
            }
            else
            {
                var overlap = FindOverlap(text, site.LineAfter);
                if (overlap == 0 && answer.EndedWithLineBreak)
                {
                    refusal = "it does not lead to the text after the caret";
                    return null;
                }

                text = text[..^overlap];
            }
        }

        if (string.IsNullOrWhiteSpace(text))
        {
            return null;
        }

        if (text.AsSpan().IndexOfAnyExcept("/* ") < 0)
        {
            refusal = "it is an empty comment";
            return null;
        }

        return new FittedAnswer(site.Style.FromModel(text, site.LineBefore.Length == 0), new TextSpan(site.Offset, replaced));
    }

    /// <summary>What is left of an answer that was fitted before, fitted again after some of it was typed.</summary>
    public static FittedAnswer Refit(CaretSite site, SuggestedText suggested, bool mayReplace)
    {
        var (fitted, replaced) = site.OnlyClosersFollow ? MeetClosers(site, suggested.Text, mayReplace) : (suggested.Text, 0);
        return new FittedAnswer(fitted, new TextSpan(site.Offset, replaced)) { Usings = suggested.Usings };
    }

    /// <summary>An unfinished answer's text as it would stand in the file.</summary>
    public static string Preview(CaretSite site, string text) => site.Style.FromModel(TrimmedStart(site, text), site.LineBefore.Length == 0);

    /// <summary>An answer that ran into the token limit ends in the middle of something.</summary>
    private static string WithoutUnfinishedEnd(CaretSite site, string text)
    {
        var lineEnd = text.LastIndexOf('\n');
        if (site.MayHaveSeveralLines && lineEnd > 0 && !string.IsNullOrWhiteSpace(text[..lineEnd]))
        {
            return text[..lineEnd];
        }

        var end = text.AsSpan().LastIndexOfAny(Ends);
        return end < 0 ? "" : text[..(end + 1)];
    }

    /// <summary>Takes away what repeats the line before the caret: white space, or the line itself.</summary>
    private static string TrimmedStart(CaretSite site, string text)
    {
        var before = site.LineBefore.Trim();
        if (before.Length >= 3 && text.TrimStart().StartsWith(before, StringComparison.Ordinal))
        {
            text = text.TrimStart()[before.Length..];
        }

        text = site.MayHaveSeveralLines ? text.TrimStart('\n') : text;
        return site.LineBefore is [.., ' '] ? text.TrimStart(' ') : text;
    }

    /// <summary>
    /// The editor inserted closers after the caret, and the model, which did not see them, wrote its own: those that match are
    /// replaced, so that the text reads right however many the model wrote.
    /// </summary>
    private static (string Text, int Replaced) MeetClosers(CaretSite site, string text, bool mayReplace)
    {
        var written = UnmatchedClosers(site, text);
        var (replaced, next) = (0, 0);
        for (var index = 0; index < site.LineAfter.Length; index++)
        {
            var closer = site.LineAfter[index];
            if (closer == ' ')
            {
                continue;
            }

            var found = written.FindIndex(next, one => one.Character == closer);
            if (found < 0)
            {
                break;
            }

            next = found + 1;
            replaced = index + 1;
        }

        if (replaced == 0 || mayReplace)
        {
            return (text, replaced);
        }

        // Nothing may be replaced: leave out the closers that are there already, where the answer ends with them.
        var first = written[0].Index;
        var closing = text[first..].TrimEnd();
        var agrees = site.LineAfter.StartsWith(closing, StringComparison.Ordinal) || closing.StartsWith(site.LineAfter, StringComparison.Ordinal);
        return agrees ? (text[..first], 0) : (text, 0);
    }

    /// <summary>The closers in an answer that belong to what was opened before it, and the terminators after them.</summary>
    private static List<WrittenCloser> UnmatchedClosers(CaretSite site, string text)
    {
        var closers = new List<WrittenCloser>();
        var depth = 0;
        var quote = Brackets.EndsInString(site.LineBefore) ? '"' : '\0';
        var opensQuote = false;
        for (var index = 0; index < text.Length; index++)
        {
            var character = text[index];
            if (quote != '\0')
            {
                if (character == '\\')
                {
                    index++;
                }
                else if (character == quote)
                {
                    if (!opensQuote)
                    {
                        closers.Add(new WrittenCloser(character, index));
                    }

                    quote = '\0';
                }
            }
            else if (character is '"' or '\'')
            {
                (quote, opensQuote) = (character, true);
            }
            else if (character is '(' or '[' or '{')
            {
                depth++;
            }
            else if (character is ')' or ']' or '}')
            {
                if (depth == 0)
                {
                    closers.Add(new WrittenCloser(character, index));
                }

                depth = Math.Max(0, depth - 1);
            }
            else if (character is ';' or ',' or '>' && depth == 0)
            {
                closers.Add(new WrittenCloser(character, index));
            }
        }

        return closers;
    }

    /// <summary>The longest end of an answer that is also the beginning of what follows.</summary>
    private static int FindOverlap(string text, string following)
    {
        for (var length = Math.Min(text.Length, following.Length); length > 0; length--)
        {
            if (following.AsSpan().StartsWith(text.AsSpan(text.Length - length), StringComparison.Ordinal))
            {
                // One letter agrees by chance.
                return length > 1 || !char.IsLetterOrDigit(following[0]) ? length : 0;
            }
        }

        return 0;
    }

    private sealed record WrittenCloser(char Character, int Index);
}
