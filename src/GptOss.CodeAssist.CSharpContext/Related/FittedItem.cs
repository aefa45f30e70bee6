namespace GptOss.CodeAssist.CSharpContext.Related;

/// <summary>An item in the form that fits.</summary>
/// <param name="Item">The item.</param>
/// <param name="Text">Its brief or its full form.</param>
/// <param name="Tokens">What the form costs, with its line break.</param>
public sealed record FittedItem(RelatedItem Item, string Text, int Tokens);
