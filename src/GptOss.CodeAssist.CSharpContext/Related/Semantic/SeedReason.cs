namespace GptOss.CodeAssist.CSharpContext.Related.Semantic;

/// <summary>Why a type is worth an outline; put into words only for the few that are told.</summary>
/// <param name="Words">The reason, with <c>{0}</c> and <c>{1}</c> for the names.</param>
/// <param name="First">The first name.</param>
/// <param name="Second">The second name.</param>
internal readonly record struct SeedReason(string Words, string First = "", string Second = "")
{
    public override string ToString() => Words.Replace("{0}", First, StringComparison.Ordinal).Replace("{1}", Second, StringComparison.Ordinal);
}
