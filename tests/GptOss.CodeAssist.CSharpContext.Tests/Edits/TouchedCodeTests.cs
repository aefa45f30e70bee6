using GptOss.CodeAssist.CSharpContext.Edits;
using GptOss.CodeAssist.CSharpContext.Workspace;
using Microsoft.CodeAnalysis.Text;

namespace GptOss.CodeAssist.CSharpContext.Tests.Edits;

public class TouchedCodeTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public Task Lines_that_are_as_they_were_keep_their_authors_hand() => Check(
        """
        class C
        {
            void M( int a )
            {
                int [] table = {1,2,  3};
                Use( table );
            }
        }
        """,
        """
        void M( int a )
        {
            int [] table = {1,2,  3};
            Use( table );
            if(a>0){return;}
        }
        """,
        """
        class C
        {
            void M( int a )
            {
                int [] table = {1,2,  3};
                Use( table );
                if (a > 0) { return; }
            }
        }
        """);

    [Fact]
    public Task A_new_qualified_name_is_shortened_where_a_using_makes_it_needless_and_an_old_one_is_left() => Check(
        """
        using System.Collections.Generic;
        class C
        {
            void M()
            {
                System.Collections.Generic.List<int> old = null;
            }
        }
        """,
        """
        void M()
        {
            System.Collections.Generic.List<int> old = null;
            System.Collections.Generic.List<int> made = new System.Collections.Generic.List<int>();
            System.Text.StringBuilder other = null;
        }
        """,
        """
        using System.Collections.Generic;
        class C
        {
            void M()
            {
                System.Collections.Generic.List<int> old = null;
                List<int> made = new List<int>();
                System.Text.StringBuilder other = null;
            }
        }
        """);

    private static async Task Check(string source, string code, string expected)
    {
        using var folder = FolderUnderTest.Create($"// file: C.cs\n{source}");
        await using var workspace = folder.Open();
        using var solutions = new WorkspaceSolution(workspace);
        var solution = await solutions.PrepareAsync(Token);
        var document = solution!.GetDocument(solution.GetDocumentIdsWithFilePath(folder.File("C.cs")).Single())!;
        var text = await document.GetTextAsync(Token);
        var caret = text.ToString().IndexOf("void M", StringComparison.Ordinal);
        var piece = EditPiece.Find((await document.GetSyntaxRootAsync(Token))!, text, new TextSpan(caret, 0))!;
        var (changed, problem) = await PieceRewrite.ApplyAsync(document, piece, code, Token);
        Assert.Null(problem);
        Assert.Equal(expected.Trim(), (await changed!.GetTextAsync(Token)).ToString().Trim());
    }
}
