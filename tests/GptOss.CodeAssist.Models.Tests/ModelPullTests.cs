using System.Collections.Immutable;
using GptOss.CodeAssist.Models.Download;
using GptOss.CodeAssist.TestSupport.Hub;
using Microsoft.Extensions.Time.Testing;

namespace GptOss.CodeAssist.Models.Tests;

public sealed class ModelPullTests
{
    [Fact]
    public async Task A_model_comes_in_pieces_and_whole()
    {
        await using var pull = new PullFixture();

        await pull.CheckStoredAsync(await pull.PullAsync());

        Assert.Equal(16, pull.Pieces.Count());
        Assert.All(pull.Pieces, piece => Assert.InRange(piece.To!.Value - piece.From!.Value, 0, (64 * 1024) - 1));
        Assert.Equal(pull.Bytes.Length, pull.Pieces.Sum(piece => piece.To - piece.From + 1));
        Assert.Equal((PullStage.Fetching, 0L), (pull.Told[0].Stage, pull.Told[0].Done));
        Assert.Contains(pull.Told, told => told.Stage == PullStage.Verifying && told.Total == pull.Bytes.Length);
    }

    [Fact]
    public async Task What_was_asked_for_at_a_branch_is_fetched_and_remembered_at_its_commit()
    {
        await using var pull = new PullFixture();
        for (var part = 1; part <= 2; part++)
        {
            pull.Server.Files[$"owner/repo/big/m-0000{part}-of-00002.gguf"] = [1, 2, 3, (byte)part];
        }

        var model = await pull.PullAsync("owner/repo:big/m-00002-of-00002.gguf");

        Assert.Equal("owner/repo:big/m-00001-of-00002.gguf", model.Name);
        Assert.Equal(["big/m-00001-of-00002.gguf", "big/m-00002-of-00002.gguf"], model.Files.Select(file => file.Path));
        Assert.EndsWith("m-00001-of-00002.gguf", pull.Store.PathOf(model), StringComparison.Ordinal);
        Assert.Contains(pull.Server.Requests, request => request.Path == $"/owner/repo/resolve/{HubServer.Commit}/big/m-00002-of-00002.gguf");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Connections_that_end_early_or_are_reset_are_made_again_from_where_they_were(bool resets)
    {
        await using var pull = new PullFixture();
        var random = new Random(5);
        pull.Server.Misbehave = (request, usual) => request.IsForBytes && usual.Body.Length > 1000 ? usual with { DropAfter = random.Next(1, usual.Body.Length), Resets = resets } : null;

        await pull.CheckStoredAsync(await pull.PullAsync());

        var fetched = pull.Pieces.Sum(piece => piece.To - piece.From + 1);
        Assert.True(pull.Pieces.Count() > 16, "nothing was dropped");
        Assert.Contains(pull.Pieces, piece => piece.From % (64 * 1024) != 0);
        Assert.NotEqual(pull.Bytes.Length, fetched);
    }

    [Fact]
    public async Task A_killed_pull_goes_on_where_it_was()
    {
        await using var pull = new PullFixture();
        using var kill = new CancellationTokenSource();
        var served = 0;
        var never = new TaskCompletionSource();
        pull.Server.Misbehave = (request, usual) =>
        {
            if (!request.IsForBytes || request.To == 0 || Interlocked.Increment(ref served) <= 8)
            {
                return null;
            }

            kill.Cancel();
            return usual with { Gate = never.Task };
        };
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => pull.PullUntilAsync(ModelSource.Parse(PullFixture.Name), kill.Token));
        Assert.Empty(pull.Store.List());
        Assert.Equal(["model.gguf.chunks", "model.gguf.partial"], pull.FilesLeft());
        // A kill may cut the last line that it was writing.
        await File.AppendAllTextAsync(pull.Path + ".chunks", "1", TestContext.Current.CancellationToken);

        pull.Server.Misbehave = null;
        pull.Server.Requests.Clear();
        pull.Told.Clear();
        await pull.CheckStoredAsync(await pull.PullAsync());

        Assert.InRange(pull.Pieces.Count(), 8, 15);
        Assert.Contains(pull.Told, told => told.Stage == PullStage.Fetching && told.Done > 0);
    }

    [Fact]
    public async Task A_piece_that_came_in_part_is_not_fetched_from_its_start_again()
    {
        await using var pull = new PullFixture { Options = new() { Connections = 1, ChunkBytes = 700_000, MarkBytes = 100_000, MaxAttempts = 1, FirstRetryDelay = TimeSpan.Zero, MaxRetryDelay = TimeSpan.Zero } };
        pull.Server.Misbehave = (request, usual) => !request.IsForBytes || request.To == 0 ? null : request.From == 0 ? usual with { DropAfter = 450_000 } : HubAnswer.Refuse(404);
        await pull.FailAsync();

        pull.Server.Misbehave = null;
        pull.Server.Requests.Clear();
        pull.Told.Clear();
        await pull.CheckStoredAsync(await pull.PullAsync());

        var asked = pull.Pieces.Select(piece => piece.From ?? 0).ToList();
        Assert.InRange(asked[0], 100_000, 450_000);
        Assert.Equal([700_000], asked[1..]);
        Assert.Contains(pull.Told, told => told.Stage == PullStage.Fetching && told.Done == asked[0]);
    }

    [Fact]
    public async Task Pieces_of_another_revision_are_not_mixed_in()
    {
        await using var pull = new PullFixture();
        pull.Server.Misbehave = (request, _) => request.IsForBytes && request.From >= 500_000 ? HubAnswer.Refuse(404) : null;
        await pull.FailAsync();
        Assert.Contains("model.gguf.partial", pull.FilesLeft());

        Random.Shared.NextBytes(pull.Bytes);
        pull.Server.Misbehave = null;

        await pull.CheckStoredAsync(await pull.PullAsync());
    }

    [Fact]
    public async Task Wrong_bytes_are_deleted_and_told()
    {
        await using var pull = new PullFixture();
        pull.Server.Misbehave = (request, usual) => request.IsForBytes && request.From == 3 * 64 * 1024 ? usual with { Body = new byte[usual.Body.Length] } : null;

        var message = await pull.FailAsync();

        Assert.Contains($"are not the published ones (SHA-256 ", message, StringComparison.Ordinal);
        Assert.Contains($"wanted {pull.Hash}", message, StringComparison.Ordinal);
        Assert.Empty(pull.FilesLeft());
        Assert.Empty(pull.Store.List());
    }

    [Fact]
    public async Task A_known_hash_is_believed_before_the_server()
    {
        await using var pull = new PullFixture();
        var pinned = new ModelSource("pinned", "owner/repo", "main", [new ModelFile("model.gguf", pull.Bytes.Length, new string('a', 64))]);

        var failure = await Assert.ThrowsAsync<ModelException>(() => pull.PullAsync(pinned));

        Assert.Contains("has another file under the name model.gguf than the one that pinned stands for", failure.Message, StringComparison.Ordinal);
        Assert.Empty(pull.Pieces);
    }

    [Fact]
    public async Task A_mirror_without_hashes_serves_what_is_pinned_here()
    {
        await using var pull = new PullFixture();
        pull.Server.Misbehave = (request, usual) => request is { IsForBytes: false, Method: "HEAD" } ? new HubAnswer(200, [], default) { Length = pull.Bytes.Length } : null;
        var pinned = new ModelSource(PullFixture.Name, "owner/repo", HubServer.Commit, [new ModelFile("model.gguf", pull.Bytes.Length, pull.Hash)]);

        var model = await pull.PullAsync(pinned);

        Assert.True(model.IsVerified);
        await pull.CheckStoredAsync(model);
    }

    [Fact]
    public async Task A_model_without_any_known_hash_is_told_to_be_unverified()
    {
        await using var pull = new PullFixture();
        pull.Server.Misbehave = (request, _) => request is { IsForBytes: false, Method: "HEAD" } ? new HubAnswer(200, ["ETag: \"tag\"", $"X-Repo-Commit: {HubServer.Commit}"], default) { Length = pull.Bytes.Length } : null;

        var model = await pull.PullAsync();

        Assert.False(model.IsVerified);
        await pull.CheckStoredAsync(model);
    }

    [Theory]
    [InlineData("bytes 0-9/77", "says that model.gguf has 77 bytes, where it has 1,000,003")]
    [InlineData("bytes 7-99/1000003", "answers with other bytes of model.gguf than those that it was asked for")]
    public async Task A_server_that_lies_about_what_it_sends_is_told_off(string range, string expected)
    {
        await using var pull = new PullFixture();
        pull.Server.Misbehave = (request, usual) => request.IsForBytes && request.To != 0 ? usual with { Headers = [$"Content-Range: {range}"] } : null;

        Assert.Contains(expected, await pull.FailAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_length_that_never_comes_is_given_up_after_some_tries()
    {
        await using var pull = new PullFixture();
        pull.Server.Misbehave = (request, usual) => request.IsForBytes && request.To != 0 ? usual with { DropAfter = 0 } : null;

        Assert.Contains("broke again and again", await pull.FailAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_without_ranges_is_read_from_start_to_end()
    {
        await using var pull = new PullFixture();
        var drops = 2;
        pull.Server.Misbehave = (request, _) => request.IsForBytes
            ? new HubAnswer(200, [], pull.Bytes) { DropAfter = request.To != 0 && Interlocked.Decrement(ref drops) >= 0 ? 400_000 * (2 - drops) : null }
            : null;

        await pull.CheckStoredAsync(await pull.PullAsync());
    }

    [Fact]
    public async Task Addresses_that_expire_are_asked_for_anew()
    {
        await using var pull = new PullFixture { Options = new DownloadOptions { Connections = 1, ChunkBytes = 64 * 1024, FirstRetryDelay = TimeSpan.Zero } };
        var left = 5;
        pull.Server.Misbehave = (request, _) =>
        {
            if (!request.IsForBytes)
            {
                Volatile.Write(ref left, 5);
                return null;
            }

            return Interlocked.Decrement(ref left) < 0 ? HubAnswer.Refuse(403) : null;
        };

        await pull.CheckStoredAsync(await pull.PullAsync());

        Assert.True(pull.Server.Requests.Count(request => request is { Method: "GET", IsForBytes: false }) > 2);
    }

    [Theory]
    [InlineData(429)]
    [InlineData(503)]
    public async Task A_busy_server_is_asked_again_later(int status)
    {
        await using var pull = new PullFixture();
        var busy = 2;
        pull.Server.Misbehave = (request, _) => request is { IsForBytes: false, Method: "GET" } && Interlocked.Decrement(ref busy) >= 0 ? HubAnswer.Refuse(status, "Retry-After: 1") : null;

        await pull.CheckStoredAsync(await pull.PullAsync());
    }

    [Fact]
    public async Task A_server_that_stays_busy_is_given_up()
    {
        await using var pull = new PullFixture();
        pull.Server.Misbehave = (request, _) => request is { Method: "GET" } ? HubAnswer.Refuse(429) : null;

        Assert.Contains("still answers 429 after 3 tries", await pull.FailAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_connection_that_goes_silent_is_made_anew()
    {
        var time = new FakeTimeProvider();
        await using var pull = new PullFixture();
        var silent = 0;
        pull.Server.Misbehave = (request, usual) => request.IsForBytes && request.To > 0 && Interlocked.Exchange(ref silent, 1) == 0
            ? usual with { DropAfter = 100, GoesSilent = true }
            : null;
        using var hub = new HubClient(new HubOptions { Endpoint = new Uri(pull.Server.Endpoint) });
        var remote = await hub.DescribeAsync("owner/repo", "main", "model.gguf", TestContext.Current.CancellationToken);
        Directory.CreateDirectory(Path.GetDirectoryName(pull.Path)!);

        var stalled = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var download = new FileDownload(hub, remote, pull.Path, "model", pull.Options with { Connections = 1 }, time, _ => stalled.TrySetResult());
        var running = download.RunAsync(_ => { }, TestContext.Current.CancellationToken);
        // The clock of the connection was set when its last bytes came.
        await stalled.Task;
        time.Advance(pull.Options.StallTimeout);
        await running;

        Assert.Equal(pull.Bytes, await File.ReadAllBytesAsync(pull.Path + FileDownload.PartialEnding, TestContext.Current.CancellationToken));
        Assert.Contains(pull.Pieces, piece => piece.From == 100);
    }

    [Fact]
    public async Task The_token_goes_to_the_hub_and_not_to_where_that_redirects()
    {
        await using var elsewhere = new HubServer();
        await using var pull = new PullFixture { Token = "a-token" };
        elsewhere.Files["owner/repo/model.gguf"] = pull.Bytes;
        pull.Server.Misbehave = (request, usual) => request.IsForBytes ? null : usual with
        {
            Headers = [.. usual.Headers.Where(header => !header.StartsWith("Location", StringComparison.Ordinal)), $"Location: {elsewhere.Endpoint}{HubServer.BytesPath}owner/repo/model.gguf"],
        };

        await pull.CheckStoredAsync(await pull.PullAsync());

        Assert.All(pull.Server.Requests, request => Assert.Equal("Bearer a-token", request.Token));
        Assert.NotEmpty(elsewhere.Requests);
        Assert.All(elsewhere.Requests, request => Assert.Null(request.Token));
    }

    [Theory]
    [InlineData(401, "set HF_TOKEN")]
    [InlineData(404, "has no owner/repo:model.gguf at the revision main")]
    [InlineData(500, "answers 500 Some words")]
    public async Task A_refusal_says_what_to_do(int status, string expected)
    {
        await using var pull = new PullFixture();
        pull.Server.Misbehave = (_, _) => HubAnswer.Refuse(status);

        Assert.Contains(expected, await pull.FailAsync(), StringComparison.Ordinal);
        Assert.Empty(pull.FilesLeft());
    }

    [Fact]
    public async Task Without_a_network_one_line_says_so()
    {
        await using var pull = new PullFixture();
        await pull.Server.DisposeAsync();

        var message = await pull.FailAsync();

        Assert.StartsWith("127.0.0.1 cannot be reached", message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', message);
    }

    [Fact]
    public async Task A_disk_that_is_too_full_is_told_before_anything_is_fetched()
    {
        await using var pull = new PullFixture { FreeBytes = _ => 600_000_000, Options = new DownloadOptions { ReservedBytes = 600_000_000 } };

        Assert.Contains("needs 0.6 GB more in", await pull.FailAsync(), StringComparison.Ordinal);
        Assert.Empty(pull.Pieces);
    }

    [Fact]
    public async Task What_is_there_and_right_is_not_fetched_again_and_what_was_changed_is()
    {
        await using var pull = new PullFixture();
        await pull.PullAsync();
        pull.Server.Requests.Clear();
        await pull.PullAsync();
        Assert.Empty(pull.Pieces);

        await using (var file = File.OpenWrite(pull.Path))
        {
            file.WriteByte((byte)(pull.Bytes[0] ^ 1));
        }

        await pull.CheckStoredAsync(await pull.PullAsync());
        Assert.Equal(16, pull.Pieces.Count());
    }

    [Fact]
    public async Task Two_pulls_of_one_model_do_not_write_into_each_other()
    {
        await using var pull = new PullFixture();
        Directory.CreateDirectory(Path.GetDirectoryName(pull.Path)!);
        await using (new FileStream(pull.Path + ".partial", FileMode.Create, FileAccess.ReadWrite, FileShare.None))
        {
            Assert.Contains("if another `model pull` is fetching it, wait for that one", await pull.FailAsync(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_removed_model_leaves_nothing()
    {
        await using var pull = new PullFixture();
        var model = await pull.PullAsync();

        var freed = pull.Store.Remove(ModelSource.Parse(model.Name));

        Assert.Equal(pull.Bytes.Length, freed);
        Assert.Empty(pull.Store.List());
        Assert.Empty(Directory.EnumerateFileSystemEntries(pull.Store.Folder));
    }

    [Fact]
    public async Task An_empty_file_is_a_file()
    {
        await using var pull = new PullFixture(bytes: 0);

        await pull.CheckStoredAsync(await pull.PullAsync());
    }

    [Theory]
    [InlineData("gpt-oss-21b")]
    [InlineData("owner/repo")]
    [InlineData("owner/repo:model.bin")]
    [InlineData("owner/repo:../../model.gguf")]
    [InlineData("owner/../repo:model.gguf")]
    [InlineData("owner/repo:a/./model.gguf")]
    [InlineData("owner/repo:model.gguf?x")]
    [InlineData("https://host/owner/repo:model.gguf")]
    public void A_name_that_means_nothing_is_refused(string name) =>
        Assert.Contains($"'{name}' names no model. Say one of gpt-oss-20b, gpt-oss-120b, or OWNER/REPO:FILE.gguf", Assert.Throws<ModelException>(() => ModelSource.Parse(name)).Message, StringComparison.Ordinal);

    [Fact]
    public void A_name_may_pin_a_revision()
    {
        var source = ModelSource.Parse("owner/my.repo-2:folder/model_1.Q4.gguf@v1.0");

        Assert.Equal(("owner/my.repo-2", "v1.0", "folder/model_1.Q4.gguf"), (source.Repository, source.Revision, source.Files[0].Path));
    }

    [Fact]
    public void Known_models_are_pinned_to_commits_and_hashes() => Assert.All(KnownModels.All, model =>
    {
        Assert.Matches("^[0-9a-f]{40}$", model.Revision);
        Assert.All(model.Files, file =>
        {
            Assert.Matches("^[0-9a-f]{64}$", file.Sha256);
            Assert.True(file.Bytes > 0);
        });
        // What is pinned is also reachable by its long name, with all its parts.
        Assert.Equal(model.Files.Select(file => file.Path), ModelSource.Parse($"{model.Repository}:{model.Files[^1].Path}").Files.Select(file => file.Path).ToImmutableArray());
    });
}
