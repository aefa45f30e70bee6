namespace GptOss.CodeAssist.Inference.OpenAi.Connecting;

/// <summary>Reads another stream, and refuses lines beyond a length: whoever parses lines keeps each whole.</summary>
internal sealed class BoundedLineStream(Stream inner, int maxLineBytes) : Stream
{
    private int _lineBytes;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <exception cref="InvalidDataException">A line is too long.</exception>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var read = await inner.ReadAsync(buffer, cancellationToken);
        return Check(buffer.Span, read);
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => Check(buffer.AsSpan(offset), inner.Read(buffer, offset, count));

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            inner.Dispose();
        }

        base.Dispose(disposing);
    }

    private int Check(ReadOnlySpan<byte> buffer, int read)
    {
        var line = buffer[..read];
        while (line.IndexOf((byte)'\n') is var end && end >= 0)
        {
            Grow(end);
            _lineBytes = 0;
            line = line[(end + 1)..];
        }

        Grow(line.Length);
        return read;
    }

    private void Grow(int bytes)
    {
        _lineBytes += bytes;
        if (_lineBytes > maxLineBytes)
        {
            throw new InvalidDataException($"A line of more than {maxLineBytes:N0} bytes.");
        }
    }
}
