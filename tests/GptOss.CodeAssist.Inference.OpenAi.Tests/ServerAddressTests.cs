namespace GptOss.CodeAssist.Inference.OpenAi.Tests;

public sealed class ServerAddressTests
{
    [Theory]
    [InlineData("http://127.0.0.1:8080", "http://127.0.0.1:8080/")]
    [InlineData("http://localhost:8000/v1", "http://localhost:8000/")]
    [InlineData("https://models.example/team/v1/", "https://models.example/team/")]
    public void An_address_is_taken_with_and_without_its_version(string text, string root) => Assert.Equal(root, ServerAddress.Parse(text).Root.AbsoluteUri);

    [Theory]
    [InlineData("ftp://models.example")]
    [InlineData("models.example:8000")]
    [InlineData("shred")]
    [InlineData("file:///etc/passwd")]
    [InlineData("https://models.example/v1?key=1")]
    public void What_is_no_address_is_refused(string text) => Assert.Throws<FormatException>(() => ServerAddress.Parse(text));

    [Theory]
    [InlineData("http://me:hidden@models.example")]
    [InlineData("htp://me:hidden@models.example")]
    public void A_password_in_an_address_is_refused_and_not_repeated(string text)
    {
        var refused = Assert.Throws<FormatException>(() => ServerAddress.Parse(text));

        Assert.DoesNotContain("hidden", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http://127.0.0.1:8080", false)]
    [InlineData("http://[::1]:8080", false)]
    [InlineData("http://localhost:8080", false)]
    [InlineData("https://models.example", false)]
    [InlineData("http://models.example", true)]
    [InlineData("http://10.0.0.7:8000", true)]
    public void Code_that_would_travel_unencrypted_is_warned_of(string text, bool warns) => Assert.Equal(warns, ServerAddress.Parse(text).Warning is not null);
}
