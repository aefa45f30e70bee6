using System.Collections.Immutable;
using System.Text;
using GptOss.CodeAssist.CSharpContext;
using GptOss.CodeAssist.CSharpContext.Caret;
using GptOss.CodeAssist.Inference;
using GptOss.CodeAssist.Inference.Constraints;
using Microsoft.CodeAnalysis.Text;

namespace GptOss.CodeAssist.Assistant.Completion;

/// <summary>Lets an answer use only names that exist, wherever the compiler can list them: the members of what the answer itself just wrote.</summary>
/// <remarks>Belongs to one answer. Most words are known to be free by the characters before them, without asking the compiler.</remarks>
internal sealed class MemberGuide : IGenerationGuide
{
    /// <summary>Types that may follow <c>new</c> and have no name that a compiler would list.</summary>
    private static readonly ImmutableArray<string> KeywordTypes =
        ["bool", "byte", "char", "decimal", "double", "float", "int", "long", "nint", "nuint", "object", "sbyte", "short", "string", "uint", "ulong", "ushort"];

    private readonly CSharpDocument _document;
    private readonly TextSpan _replaced;
    private readonly string _before;
    private readonly Dictionary<string, IByteConstraint?> _known = new(StringComparer.Ordinal);
    private readonly Lock _lock = new();

    /// <param name="document">The document at the caret's text, with its project.</param>
    public MemberGuide(CSharpDocument document, CaretSite site)
    {
        _document = document;
        // Closers that the editor inserted would only confuse the parser: the answer brings its own.
        _replaced = site.OnlyClosersFollow ? TextSpan.FromBounds(site.Offset, site.Text.Lines.GetLineFromPosition(site.Offset).End) : new TextSpan(site.Offset, 0);
        _before = site.Text.ToString(TextSpan.FromBounds(Math.Max(0, site.Offset - CaretOptions.ReadBefore), site.Offset));
    }

    /// <summary>The constraint on what follows, or null where anything may.</summary>
    public IByteConstraint? FindConstraint(string answer)
    {
        if (!CaretOptions.MayListNames(LastOf(answer, CaretOptions.ReadBefore)))
        {
            return null;
        }

        lock (_lock)
        {
            // Further candidates, and drafts that were refused, ask the same again.
            if (!_known.TryGetValue(answer, out var known))
            {
                _known[answer] = known = Ask(answer);
            }

            return known;
        }
    }

    /// <summary>Has the compiler look for names already, beside the model, where the next word is likely to be asked about.</summary>
    public void Begin(string answer)
    {
        var isBeforeWord = answer is [.., '.' or ':' or ' ' or '(' or '['] && CaretOptions.MayListNames(LastOf(answer, CaretOptions.ReadBefore));
        if (isBeforeWord)
        {
            // Whoever asks meanwhile waits for what is being looked for; what goes wrong goes wrong again there.
            _ = Task.Run(() => FindConstraint(answer)).ContinueWith(static task => task.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
        }
    }

    private NameSetConstraint? Ask(string answer)
    {
        if (CaretOptions.FindNames(_document, _replaced, answer, CancellationToken.None) is not { } options)
        {
            return null;
        }

        var isCreation = LastOf(answer, options.Typed.Length + 4) is ['n', 'e', 'w', ' ', ..];
        var names = isCreation ? options.Names.AddRange(KeywordTypes.Where(name => name.StartsWith(options.Typed, StringComparison.Ordinal))) : options.Names;
        return new NameSetConstraint(names, typed: options.Typed);
    }

    /// <summary>The end of what stands before the next word: the text before the caret and the answer.</summary>
    private string LastOf(string answer, int length)
    {
        var text = new StringBuilder();
        if (answer.Length < length)
        {
            text.Append(_before.AsSpan(Math.Max(0, _before.Length - (length - answer.Length))));
        }

        return text.Append(answer.AsSpan(Math.Max(0, answer.Length - length))).ToString();
    }
}
