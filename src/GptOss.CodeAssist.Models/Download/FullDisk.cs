namespace GptOss.CodeAssist.Models.Download;

/// <summary>Tells a disk that is full, or a user's share of one, from whatever else keeps a file from being written.</summary>
internal static class FullDisk
{
    // .NET puts the system's own number where it has no exception for it: ENOSPC, EDQUOT of Linux and of macOS.
    private static readonly int[] Unix = [28, OperatingSystem.IsMacOS() ? 69 : 122];

    // ERROR_DISK_FULL, ERROR_HANDLE_DISK_FULL and ERROR_DISK_QUOTA_EXCEEDED, as HRESULT.
    private static readonly int[] Windows = [unchecked((int)0x80070070), unchecked((int)0x80070027), unchecked((int)0x8007050F)];

    public static bool IsCauseOf(IOException exception) => (OperatingSystem.IsWindows() ? Windows : Unix).Contains(exception.HResult);
}
