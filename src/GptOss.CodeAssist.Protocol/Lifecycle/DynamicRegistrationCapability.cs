namespace GptOss.CodeAssist.Protocol;

/// <summary>Whether the server may ask for a notification after the start.</summary>
public sealed record DynamicRegistrationCapability
{
    public bool? DynamicRegistration { get; init; }
}
