using System.Runtime.InteropServices;

namespace LoraCollab.Engine.Generation;

/// <summary>
/// Writes on from a prompt, with or without an adapter. The model sees a window of at most its context; when the window is full, it is cut to its last
/// half (context/2 tokens, at least one) and read anew, since the position table knows no further place. A prompt over the context begins with its last
/// context/2 tokens.
/// </summary>
public sealed class Generator : IDisposable
{
    private readonly GptPass _pass;
    private readonly LogitReader _reader;
    private readonly LoraAdapter? _adapter;
    private readonly float[] _logits;

    public Generator(GptModel model, ComputeBackend lane, LoraAdapter? adapter = null)
    {
        _adapter = adapter;
        _pass = new GptPass(model, lane, 1, model.Config.Context, PassKind.Forward, adapter?.Options);
        _reader = new LogitReader(_pass);
        _logits = new float[model.Config.Vocabulary];
    }

    /// <summary>Draws tokens one by one, as they are enumerated.</summary>
    /// <param name="prompt">At least one token; for an empty text give the end-of-text token.</param>
    /// <exception cref="UserException">An option makes no sense, the prompt is empty, or a token is outside the vocabulary.</exception>
    /// <exception cref="NonFiniteException">While tokens are enumerated: a logit is NaN or infinite; the first bad tensor is named.</exception>
    public IEnumerable<int> Generate(IReadOnlyList<int> prompt, GenerationOptions options)
    {
        options.Checked();
        if (prompt.Count == 0) throw new UserException("the prompt is empty: give at least one token to write on from");
        return Draw(prompt, options);
    }

    public void Dispose()
    {
        _reader.Dispose();
        _pass.Dispose();
    }

    private IEnumerable<int> Draw(IReadOnlyList<int> prompt, GenerationOptions options)
    {
        int drawn = Math.Min(options.Vocabulary ?? _logits.Length, _logits.Length);
        var sampler = new TokenSampler(options, drawn);
        // Room for all it will ever hold, so that no token allocates.
        var window = new List<int>(Math.Max(prompt.Count, _pass.Config.Context) + 1);
        window.AddRange(prompt);
        using var cache = options.Cached ? new KeyValueCache(_pass.Lane, _pass.Config, _pass.Config.Context) : null;
        if (window.Count > _pass.Config.Context) KeepHalf(window, cache);
        for (int number = 0; number < options.MaxTokens; number++)
        {
            ReadLast(window, cache);
            int token = sampler.Draw(_logits.AsSpan(0, drawn), number);
            if (token == options.EndOfText) yield break;
            yield return token;
            window.Add(token);
            if (window.Count > _pass.Config.Context) KeepHalf(window, cache);
        }
    }

    private void KeepHalf(List<int> window, KeyValueCache? cache)
    {
        window.RemoveRange(0, window.Count - Math.Max(1, _pass.Config.Context / 2));
        cache?.Clear();
    }

    /// <summary>The logits after the window's last token; with the cache only what is new is read.</summary>
    private void ReadLast(List<int> window, KeyValueCache? cache)
    {
        var unread = CollectionsMarshal.AsSpan(window)[(cache?.Count ?? 0)..];
        _pass.Trunk(unread, 1, _adapter, DropoutDraw.None, cache);
        _reader.Read(_logits, _pass.Rows - 1, 1);
        if (!NonFiniteFinder.IsFinite(_logits))
            throw NonFiniteFinder.Explain(
                _pass, CollectionsMarshal.AsSpan(window), 1, _adapter, DropoutDraw.None, $"logits after token {window.Count} are NaN or infinite");
    }
}
