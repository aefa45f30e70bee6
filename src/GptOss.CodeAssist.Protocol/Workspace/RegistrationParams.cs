namespace GptOss.CodeAssist.Protocol;

/// <summary>The server asks for more than it named in <c>initialize</c>.</summary>
public sealed record RegistrationParams
{
    public required IReadOnlyList<Registration> Registrations { get; init; }
}
