namespace GptOss.CodeAssist.Harmony;

/// <summary>Who speaks. Where instructions conflict, the earlier value wins: system over developer over user over assistant over tool.</summary>
public enum HarmonyRole
{
    /// <summary>Who the model is, its reasoning effort, and the valid channels.</summary>
    System,

    /// <summary>Instructions, tools and response formats: what other formats call the system prompt.</summary>
    Developer,

    /// <summary>The person.</summary>
    User,

    /// <summary>The model.</summary>
    Assistant,

    /// <summary>What a tool answered; the tool's name stands in the role's place.</summary>
    Tool,
}
