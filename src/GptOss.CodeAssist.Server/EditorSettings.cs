using System.Text.Json;
using GptOss.CodeAssist.Protocol;
using GptOss.CodeAssist.Rpc;
using GptOss.CodeAssist.Settings;

namespace GptOss.CodeAssist.Server;

/// <summary>Takes the settings from the editor, in every way that editors have of giving them, and shows what is wrong with any settings.</summary>
/// <remarks>
/// <c>initializationOptions</c> count until the editor says something else; editors that answer <c>workspace/configuration</c> are asked, at the start and after every change;
/// what others push with <c>workspace/didChangeConfiguration</c> is taken. Everywhere the settings may lie in a member <c>gptOss</c> or by themselves.
/// </remarks>
internal sealed class EditorSettings : IDisposable
{
    private const string Section = "gptOss";
    private readonly RpcConnection _connection;
    private readonly SettingsStore? _store;
    private readonly CancellationTokenSource _disposal = new();
    private readonly Lock _lock = new();
    private volatile bool _mayTell;
    private int _lastAsked;
    private int _lastTaken;

    public EditorSettings(RpcConnection connection, SettingsStore? store)
    {
        (_connection, _store) = (connection, store);
        if (store is not null)
        {
            store.ProblemFound += Show;
        }
    }

    /// <summary>What came with <c>initialize</c>.</summary>
    public void TakeInitial(JsonElement? options) => Take(options);

    /// <summary>The editor may be asked and told things from now on.</summary>
    public void Start(ClientProfile client)
    {
        if (_store is null)
        {
            return;
        }

        // What is wrong already was found before the editor could be told.
        var settings = _store.For(null);
        _mayTell = true;
        foreach (var problem in settings.Problems)
        {
            Show(problem);
        }

        if (client.AnswersConfiguration)
        {
            _ = AskAsync();
            if (client.RegistersConfiguration)
            {
                var registration = new RegistrationParams { Registrations = [new Registration { Id = "gptOss/configuration", Method = "workspace/didChangeConfiguration" }] };
                _ = _connection.TryRequestAsync("client/registerCapability", registration, ProtocolJson.Default.RegistrationParams, _disposal.Token);
            }
        }
    }

    /// <summary>Something changed: asks, or takes what was pushed.</summary>
    public void TakeChange(ClientProfile client, JsonElement? pushed)
    {
        if (client.AnswersConfiguration)
        {
            _ = AskAsync();
        }
        else
        {
            Take(pushed);
        }
    }

    public void Dispose()
    {
        if (_store is not null)
        {
            _store.ProblemFound -= Show;
        }

        _disposal.Cancel();
        _disposal.Dispose();
    }

    private async Task AskAsync()
    {
        var number = Interlocked.Increment(ref _lastAsked);
        var ask = new ConfigurationParams { Items = [new ConfigurationItem { Section = Section }] };
        var reply = await _connection.FindReplyAsync("workspace/configuration", ask, ProtocolJson.Default.ConfigurationParams, ProtocolJson.Default.IReadOnlyListJsonElement, _disposal.Token);
        if (reply is not [{ ValueKind: JsonValueKind.Object } settings, ..])
        {
            return;
        }

        lock (_lock)
        {
            // An older answer may come to its turn after a newer one.
            if (number > _lastTaken)
            {
                _lastTaken = number;
                Take(settings);
            }
        }
    }

    private void Take(JsonElement? given)
    {
        if (_store is null || given is not { ValueKind: JsonValueKind.Object } settings)
        {
            return;
        }

        _store.SetEditor(settings.TryGetProperty(Section, out var ours) ? ours : settings);
        // Asked for now, so that what is wrong is told now and not at the next keystroke.
        _store.For(null);
    }

    private void Show(string problem)
    {
        if (_mayTell)
        {
            _ = _connection.NotifyAsync("window/showMessage", new ShowMessageParams { Type = MessageType.Warning, Message = $"gptoss-codeassist: {problem}" }, ProtocolJson.Default.ShowMessageParams);
        }
    }
}
