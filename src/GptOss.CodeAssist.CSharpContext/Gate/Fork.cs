using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace GptOss.CodeAssist.CSharpContext.Gate;

/// <summary>A project in which one file has a candidate in it, bound anew, and what the compiler says of the candidate's span.</summary>
/// <param name="Project">The fork.</param>
/// <param name="Tree">The file in it.</param>
/// <param name="Diagnostics">Those of the span.</param>
internal sealed record Fork(CompiledProject Project, SyntaxTree Tree, ImmutableArray<Diagnostic> Diagnostics)
{
    private const int MaxRemembered = 2;

    /// <summary>A candidate is looked at for more than one reason, and binding it takes tens of milliseconds each time.</summary>
    private static readonly ConditionalWeakTable<CompiledProject, LinkedList<Known>> Remembered = [];

    /// <param name="changed">The document with the candidate in it.</param>
    /// <param name="span">The candidate.</param>
    public static Fork Of(CompiledProject project, CSharpDocument changed, TextSpan span, CancellationToken cancellationToken)
    {
        var remembered = Remembered.GetOrCreateValue(project);
        var key = new Key(changed.Path, span, changed.Text.GetContentHash());
        Known known;
        lock (remembered)
        {
            known = remembered.FirstOrDefault(known => known.Key == key) ?? new Known(key, new Lock());
            remembered.Remove(known);
            remembered.AddFirst(known);
            if (remembered.Count > MaxRemembered)
            {
                remembered.RemoveLast();
            }
        }

        // Whoever asks for the same meanwhile waits for it.
        lock (known.Lock)
        {
            return known.Fork ??= Make(project, changed, span, cancellationToken);
        }
    }

    /// <summary>Of a body only the body is compiled: its errors are no declaration's, and declarations cost most of the time.</summary>
    private static Fork Make(CompiledProject project, CSharpDocument changed, TextSpan span, CancellationToken cancellationToken)
    {
        var fork = project.WithTree(changed.CompiledTree, changed.Tree).ForErrors();
        var model = fork.Compilation.GetSemanticModel(changed.Tree);
        return new Fork(fork, changed.Tree, IsInsideBody(changed.Tree.GetRoot(cancellationToken), span) ? model.GetMethodBodyDiagnostics(span, cancellationToken) : model.GetDiagnostics(span, cancellationToken));
    }

    private static bool IsInsideBody(SyntaxNode root, TextSpan span) => root.FindToken(span.Start).Parent?.AncestorsAndSelf()
        .Any(node => node is BlockSyntax { Parent: BaseMethodDeclarationSyntax or AccessorDeclarationSyntax } body && body.OpenBraceToken.Span.End <= span.Start && span.End <= body.CloseBraceToken.SpanStart) ?? false;

    private sealed record Known(Key Key, Lock Lock)
    {
        public Fork? Fork { get; set; }
    }

    private sealed record Key(string Path, TextSpan Span, ImmutableArray<byte> Hash)
    {
        public bool Equals(Key? other) => other is not null && Path == other.Path && Span == other.Span && Hash.AsSpan().SequenceEqual(other.Hash.AsSpan());

        public override int GetHashCode() => HashCode.Combine(Path, Span);
    }
}
