using System.Collections.Concurrent;
using MAB.DotIgnore;

namespace GptOss.CodeAssist.CSharpContext.Workspace;

/// <summary>Says which files may be read for context: not secrets, not what <c>.gitignore</c> or <c>.gptossignore</c> hides, not what a link takes from outside the workspace.</summary>
/// <remarks>Safe from any thread. Ignore files are read once a folder, and a file is judged once, because it is asked about at every keystroke; <see cref="Forget"/> after an ignore file has changed.</remarks>
public sealed class WorkspaceFileFilter
{
    private static readonly string[] IgnoreFiles = [".gitignore", ".gptossignore"];

    private static readonly HashSet<string> SkippedFolders = new(StringComparer.OrdinalIgnoreCase) { ".git", ".hg", ".svn", ".vs", ".idea", "bin", "obj", "node_modules" };

    private static readonly HashSet<string> SecretExtensions = new(StringComparer.OrdinalIgnoreCase)
    {
        ".pfx", ".p12", ".pem", ".key", ".snk", ".jks", ".keystore", ".crt", ".cer", ".der", ".ppk", ".kdbx", ".publishsettings", ".ovpn", ".asc", ".gpg", ".tfvars", ".tfstate", ".pubxml",
    };

    private static readonly HashSet<string> SecretNames = new(StringComparer.OrdinalIgnoreCase)
    {
        "secrets.json", ".npmrc", ".netrc", "_netrc", ".pypirc", ".pgpass", ".htpasswd", "id_rsa", "id_dsa", "id_ecdsa", "id_ed25519", "credentials", "nuget.config", ".git-credentials", ".dockercfg", "kubeconfig", "local.settings.json",
    };

    /// <summary>Links that lead to links; more of them lead nowhere good.</summary>
    private const int MostLinks = 8;

    private readonly string[] _roots;
    private readonly ConcurrentDictionary<string, IgnoreRule[]> _rules = new(CompiledProject.PathComparer);
    private readonly ConcurrentDictionary<string, bool> _hidden = new(CompiledProject.PathComparer);
    private readonly ConcurrentDictionary<string, bool> _ignored = new(CompiledProject.PathComparer);

    /// <param name="roots">Full paths of the workspace folders.</param>
    public WorkspaceFileFilter(IEnumerable<string> roots) => _roots = [.. roots.Select(root => Path.TrimEndingDirectorySeparator(Path.GetFullPath(root)))];

    /// <summary>Whether a file may be read for context. A file outside every root is judged by its name alone.</summary>
    public bool MayRead(string path) => MayRead(Path.GetFullPath(path), links: 0);

    /// <summary>Whether a file lies in one of the roots; what has no path does not.</summary>
    public bool IsInside(string path) => path.Length > 0 && RootOf(Path.GetFullPath(path)) is not null;

    /// <summary>Whether the keys of a configuration file may be shown, though its values may not.</summary>
    public bool MayReadKeys(string path)
    {
        var full = Path.GetFullPath(path);
        return IsConfiguration(full) && !IsHidden(full, links: 0);
    }

    /// <summary>Whether an ignore file hides a file, or a folder above it.</summary>
    public bool IsIgnored(string path) => _ignored.GetOrAdd(Path.GetFullPath(path), full =>
    {
        var root = RootOf(full);
        var isIgnored = root is not null && IsIgnored(full, isFolder: false, root);
        for (var folder = Path.GetDirectoryName(full); !isIgnored && root is not null && folder is not null && folder.Length > root.Length; folder = Path.GetDirectoryName(folder))
        {
            isIgnored = IsIgnored(folder, isFolder: true, root);
        }

        return isIgnored;
    });

    /// <summary>Whether a file is itself a link is asked each time: it may have become one.</summary>
    private bool MayRead(string full, int links) => !IsSecret(full) && !_hidden.GetOrAdd(full, path => IsHidden(path, links)) && (RootOf(full) is null || !IsHiddenLink(full, links));

    private bool IsHidden(string full, int links)
    {
        var root = RootOf(full);
        if (root is null)
        {
            return false;
        }

        for (var folder = Path.GetDirectoryName(full); folder is not null && folder.Length > root.Length; folder = Path.GetDirectoryName(folder))
        {
            if (!MayEnter(folder) || IsHiddenLink(folder, links))
            {
                return true;
            }
        }

        return IsIgnored(full, isFolder: false, root);
    }

    /// <summary>Whether a path is a link to something that may not be read by its own name. A link may lead anywhere, and counts as what it leads to.</summary>
    private bool IsHiddenLink(string full, int links)
    {
        try
        {
            return new FileInfo(full).LinkTarget is not null
                && (links == MostLinks || File.ResolveLinkTarget(full, returnFinalTarget: true)?.FullName is not { } target || RootOf(target) is null || !MayRead(target, links + 1));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return true; // A link to itself, or one that may not be followed.
        }
    }

    /// <summary>Whether a file holds secrets by what its name says, wherever it is.</summary>
    public static bool IsSecret(string path)
    {
        var name = Path.GetFileName(path);
        return SecretNames.Contains(name)
            || SecretExtensions.Contains(Path.GetExtension(name))
            || name.StartsWith(".env", StringComparison.OrdinalIgnoreCase)
            || name.EndsWith(".env", StringComparison.OrdinalIgnoreCase)
            || IsConfiguration(name);
    }

    /// <summary>Whether only the keys of a file may be shown, never its values.</summary>
    public static bool IsConfiguration(string path)
    {
        var name = Path.GetFileName(path);
        return name.StartsWith("appsettings", StringComparison.OrdinalIgnoreCase) && name.EndsWith(".json", StringComparison.OrdinalIgnoreCase)
            || name.Equals("web.config", StringComparison.OrdinalIgnoreCase) || name.Equals("app.config", StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>Every readable file below the roots, in a stable order.</summary>
    public IEnumerable<string> EnumerateFiles(CancellationToken cancellationToken)
    {
        var options = new EnumerationOptions { IgnoreInaccessible = true, AttributesToSkip = FileAttributes.ReparsePoint | FileAttributes.System };
        var seen = new HashSet<string>(CompiledProject.PathComparer);
        foreach (var root in _roots.Where(Directory.Exists))
        {
            var pending = new Stack<string>();
            pending.Push(root);
            while (pending.TryPop(out var folder))
            {
                cancellationToken.ThrowIfCancellationRequested();
                if (!seen.Add(folder))
                {
                    continue;
                }

                foreach (var path in Directory.EnumerateFiles(folder, "*", options).Order(StringComparer.Ordinal))
                {
                    if (!IsSecret(path) && !IsIgnored(path, isFolder: false, root))
                    {
                        yield return path;
                    }
                }

                foreach (var path in Directory.EnumerateDirectories(folder, "*", options).OrderDescending(StringComparer.Ordinal))
                {
                    if (MayEnter(path))
                    {
                        pending.Push(path);
                    }
                }
            }
        }
    }

    /// <summary>Reads the ignore files again at their next use.</summary>
    public void Forget()
    {
        _rules.Clear();
        _hidden.Clear();
        _ignored.Clear();
    }

    private bool MayEnter(string folder) =>
        !SkippedFolders.Contains(Path.GetFileName(folder)) && (RootOf(folder) is not { } root || !IsIgnored(folder, isFolder: true, root));

    private string? RootOf(string path) => _roots
        .Where(root => path.StartsWith(root, StringComparison.Ordinal) && path.Length > root.Length && path[root.Length] == Path.DirectorySeparatorChar)
        .MaxBy(root => root.Length);

    /// <summary>Git's rule: the deepest ignore file decides, in it the last matching line, a <c>!</c> taking back.</summary>
    private bool IsIgnored(string path, bool isFolder, string root)
    {
        for (var folder = Path.GetDirectoryName(path); folder is not null && folder.Length >= root.Length; folder = Path.GetDirectoryName(folder))
        {
            var rules = _rules.GetOrAdd(folder, ReadRules);
            if (rules.Length == 0)
            {
                continue;
            }

            var relative = "/" + Path.GetRelativePath(folder, path).Replace('\\', '/');
            for (var index = rules.Length - 1; index >= 0; index--)
            {
                if (rules[index].IsMatch(relative, isFolder))
                {
                    return !rules[index].PatternFlags.HasFlag(PatternFlags.NEGATION);
                }
            }
        }

        return false;
    }

    private static IgnoreRule[] ReadRules(string folder)
    {
        var rules = new List<IgnoreRule>();
        foreach (var name in IgnoreFiles)
        {
            var path = Path.Combine(folder, name);
            if (!File.Exists(path))
            {
                continue;
            }

            try
            {
                rules.AddRange(File.ReadLines(path).Select(line => line.TrimEnd()).Where(line => line.Length > 0 && !line.StartsWith('#')).Select(line => new IgnoreRule(line)));
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException)
            {
                // An unreadable ignore file hides nothing more than the others do.
            }
        }

        return [.. rules];
    }
}
