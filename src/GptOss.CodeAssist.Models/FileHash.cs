using System.Buffers;
using System.Security.Cryptography;

namespace GptOss.CodeAssist.Models;

/// <summary>SHA-256 of files that are larger than memory.</summary>
public static class FileHash
{
    private const int BlockBytes = 4 * 1024 * 1024;

    /// <param name="progress">Is told the bytes read so far.</param>
    /// <returns>64 lower-case hex digits.</returns>
    public static async Task<string> ComputeAsync(string path, Action<long>? progress, CancellationToken cancellationToken)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        await using var stream = new FileStream(path, new FileStreamOptions { BufferSize = 0, Options = FileOptions.Asynchronous | FileOptions.SequentialScan });
        var buffer = ArrayPool<byte>.Shared.Rent(BlockBytes);
        try
        {
            for (var done = 0L; ;)
            {
                var read = await stream.ReadAsync(buffer, cancellationToken);
                if (read == 0)
                {
                    return Convert.ToHexStringLower(hash.GetHashAndReset());
                }

                hash.AppendData(buffer, 0, read);
                progress?.Invoke(done += read);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
