using System.Threading.Channels;

namespace GptOss.CodeAssist.Server;

/// <summary>Sends notifications one after another from callers that must not wait; disposing waits until the last is on its way.</summary>
internal sealed class OrderedNotifications<T> : IAsyncDisposable
{
    private readonly Channel<T> _waiting = Channel.CreateUnbounded<T>(new UnboundedChannelOptions { SingleReader = true });
    private readonly Task _sending;

    public OrderedNotifications(Func<T, Task> sendAsync)
    {
        _sending = Task.Run(async () =>
        {
            await foreach (var next in _waiting.Reader.ReadAllAsync())
            {
                await sendAsync(next);
            }
        });
    }

    public void Send(T next) => _waiting.Writer.TryWrite(next);

    public async ValueTask DisposeAsync()
    {
        _waiting.Writer.TryComplete();
        await _sending;
    }
}
