using GptOss.CodeAssist.CSharpContext.Related;
using Microsoft.CodeAnalysis.Text;

namespace GptOss.CodeAssist.CSharpContext.Tests.Related;

public class RelatedTextFinderTests
{
    private const string Site = """
        // file: cart.ts
        export function openCart(customer: Customer) {
          const basket = loadBasket(customer.basketId);
          return renderBasket(basket, customer.locale);
        }
        // file: notes.py
        def open_cart(customer): load_basket(customer)
        // file: .env.ts
        const openCartSecret = loadBasket("hunter2");
        // file: hidden.ts
        const openCartHidden = loadBasket("x");
        // file: .gptossignore
        hidden.ts
        """;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_similar_text_of_the_same_language_says_is_found_and_nothing_hidden()
    {
        using var folder = FolderUnderTest.Create(Site);
        await using var workspace = folder.Open();
        var finder = new RelatedTextFinder(workspace);
        await finder.PrepareAsync(folder.File("new.tsx")).WaitAsync(Token);
        var text = SourceText.From("function showCart(customer) {\n  const basket = loadBasket(\n");
        var related = await finder.FindAsync(folder.File("new.tsx"), text, text.Length, ContextDeadline.Patient, Token);
        Assert.Equal(["cart.ts"], related.Items.Where(item => item.Kind == RelatedKind.SimilarCode).Select(item => Path.GetFileName(item.Path)));
        Assert.Contains("renderBasket", related.Fit(1000, counted => counted.Length / 4).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_first_question_begins_the_index_and_says_so_and_a_changed_file_is_read_again()
    {
        using var folder = FolderUnderTest.Create(Site);
        await using var workspace = folder.Open();
        var finder = new RelatedTextFinder(workspace);
        var text = SourceText.From("refundOrder(customer);\n");
        var first = await finder.FindAsync(folder.File("new.py"), text, text.Length, ContextDeadline.Patient, Token);
        Assert.True(first.IsComplete || first.Sources[0].Problem!.Contains("being indexed", StringComparison.Ordinal));
        await finder.PrepareAsync(folder.File("new.py")).WaitAsync(Token);
        folder.Write("refunds.py", "refundOrder(customer)\nnotifyWarehouse(customer)\n");
        workspace.FilesChanged([folder.File("refunds.py")]);
        var related = await finder.FindAsync(folder.File("new.py"), text, text.Length, ContextDeadline.Patient, Token);
        Assert.Contains(related.Items, item => item.Brief.Contains("notifyWarehouse", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_file_that_holds_secrets_has_no_context()
    {
        using var folder = FolderUnderTest.Create(Site);
        await using var workspace = folder.Open();
        var related = await new RelatedTextFinder(workspace).FindAsync(folder.File(".env.ts"), SourceText.From("x"), 1, ContextDeadline.Patient, Token);
        Assert.NotNull(related.SkippedBecause);
    }
}
