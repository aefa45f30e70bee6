namespace GptOss.CodeAssist.Models;

/// <summary>What <see cref="ModelPull"/> is at.</summary>
public enum PullStage
{
    /// <summary>Bytes are coming.</summary>
    Fetching,

    /// <summary>The bytes are there, and are compared with their hash.</summary>
    Verifying,
}
