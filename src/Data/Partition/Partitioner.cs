namespace LoraCollab.Data.Partition;

/// <summary>
/// Deals documents to the public reference, then to every client's report, trust and training text, in this order: a larger training budget leaves the other
/// splits as they are. Each category is a pool of documents; where the data names its own clients, each client is one.
/// </summary>
internal sealed class Partitioner
{
    private readonly ICorpus _corpus;
    private readonly ITokenizer _tokenizer;
    private readonly PartitionOptions _options;
    private readonly DocumentJoiner _joiner;
    private readonly DocumentPool[] _pools;
    private readonly DocumentPool _public;
    private readonly SplitPools _splits;
    private readonly double[][] _shares; // of categories; empty where the data names its clients, each of whom has a pool of its own
    private readonly double[] _used; // 1 of a pool that some client takes from, else 0
    private readonly double _usedPools;
    private readonly bool[] _repeated;
    private readonly SortedSet<int> _dry = [];
    private readonly int _clients;

    private bool OwnClients => _corpus.Clients.Count > 0;

    public Partitioner(ICorpus corpus, ITokenizer tokenizer, PartitionOptions options)
    {
        (_corpus, _tokenizer, _options) = (corpus, tokenizer, options);
        CheckOptions();
        _clients = ClientCount();
        CheckShares();
        _joiner = new DocumentJoiner(tokenizer, options.JoinWithBlank);
        string[] names =
            OwnClients ? [.. corpus.Clients.Select(c => $"client {c}")]
            : corpus.Categories.Count > 0 ? [.. corpus.Categories.Select(c => $"category {c}")]
            : ["the data"];
        var members = names.Select(_ => new List<int>()).ToArray();
        var publicMembers = new List<int>();
        _repeated = EqualDocuments.Repeated(corpus.Documents);
        for (int d = 0; d < corpus.Documents.Count; d++)
            if (_repeated[d]) continue;
            else if (corpus.Documents[d].IsPublic) publicMembers.Add(d);
            else if (corpus.Documents[d].Part == DocumentPart.Any) members[PoolOf(corpus.Documents[d])].Add(d);
        DocumentPool Pool(string name, List<int> indices, int stream) =>
            new(name, corpus.Documents, indices, _joiner, new CounterRandom(options.Seed, RandomPurpose.DocumentOrder, stream));
        _pools = [.. names.Select((name, p) => Pool(name, members[p], p))];
        _public = Pool("the public text", publicMembers, names.Length);
        _splits = new SplitPools(corpus, _repeated, _joiner, options.Seed, names.Length + 1);
        _shares = OwnClients ? [] : CategoryShares.Of(options.Distribution, _clients, _pools.Length, corpus.Order, options.Seed);
        _used = [.. _pools.Select((_, p) => OwnClients || _shares.Any(row => row[p] > 0) ? 1.0 : 0)];
        _usedPools = _used.Sum();
    }

    private int PoolOf(Document document) => OwnClients ? document.Client : _corpus.Categories.Count > 0 ? document.Category : 0;

    private void CheckOptions()
    {
        void Check(string name, int tokens)
        {
            if (tokens < _options.MinimumTokens)
                throw new UserException(
                    $"{tokens} {name} tokens per client are fewer than one window of {_options.MinimumTokens}; "
                    + "give more tokens or shorten the sequence length");
        }
        if (_options.Clients is < 1) throw new UserException($"the number of clients must be at least 1, found {_options.Clients}");
        Check("training", _options.TrainTokens);
        if (!_options.TrustIsReport) Check("trust-validation", _options.TrustTokens);
        Check("report-validation", _options.ReportTokens);
        if (_options.ReferenceTokens != 0) Check("public reference", _options.ReferenceTokens);
    }

    /// <summary>The manifest says of every client how much it has of every category.</summary>
    private void CheckShares()
    {
        const int Most = 10_000_000;
        int categories = _corpus.Categories.Count;
        if ((long)_clients * categories > Most)
            throw new UserException($"{_corpus.Name}: {_clients:N0} clients of {categories:N0} categories have more than {Most:N0} shares, "
                + "the most that are kept; choose fewer categories (top:8), another category field, or fewer clients");
    }

    private int ClientCount()
    {
        if (OwnClients)
            return _options.Clients is not { } asked || asked == _corpus.Clients.Count
                ? _corpus.Clients.Count
                : throw new UserException(
                    $"{_corpus.Name}: the data holds {_corpus.Clients.Count} clients of its own, but {asked} were asked for; "
                    + "leave the number out");
        const int Least = 8;
        int categories = Math.Max(1, _corpus.Categories.Count);
        return _options.Clients ?? (Least + categories - 1) / categories * categories;
    }

    public FederatedData Run()
    {
        var factors = new double[_pools.Length];
        Array.Fill(factors, 1);
        for (; ; )
        {
            var deal = new Deal(_clients);
            TryDeal(factors, deal);
            if (_dry.Count == 0) return Assemble(deal);
            foreach (int pool in _dry) Reduce(factors, pool);
        }
    }

    /// <summary>A deal begins anew after the first pool that runs dry; of very many clients, each of whom may be short of text, after all that do.</summary>
    private bool GoesOn => _dry.Count == 0 || (OwnClients && _clients > 256);

    /// <summary>Leaves behind which pools ran dry.</summary>
    private void TryDeal(double[] factors, Deal deal)
    {
        _dry.Clear();
        foreach (DocumentPool pool in _pools) pool.Reset();
        _public.Reset();
        _splits.Reset();
        TakeReference(factors, deal.Reference);
        for (int i = 0; i < _clients && GoesOn; i++) Take(i, _options.ReportTokens, factors, deal.Report[i], DocumentPart.Report);
        for (int i = 0; i < _clients && GoesOn && !_options.TrustIsReport; i++) Take(i, _options.TrustTokens, factors, deal.Trust[i], DocumentPart.Trust);
        for (int i = 0; i < _clients && GoesOn; i++) Take(i, _options.TrainTokens, factors, deal.Train[i]);
    }

    private void TakeReference(double[] factors, List<Piece> pieces)
    {
        if (_options.ReferenceTokens == 0) return;
        if (_public.DocumentCount > 0) TakeOwn(_public, _options.ReferenceTokens, pieces);
        else TakeFrom(_options.ReferenceTokens, [.. _used.Select(u => u / _usedPools)], factors, pieces);
    }

    private void Take(int client, int tokens, double[] factors, List<Piece> pieces, DocumentPart part = DocumentPart.Any)
    {
        if (_splits.Of(part, client) is { } own) TakeOwn(own, tokens, pieces);
        else if (OwnClients) TakeFrom(client, (int)Math.Round(tokens * factors[client]), pieces);
        else TakeFrom(tokens, _shares[client], factors, pieces);
    }

    /// <summary>From text that serves one split alone: as much as was asked for or, where sizes may shrink, all it has.</summary>
    private void TakeOwn(DocumentPool pool, int tokens, List<Piece> pieces)
    {
        int wanted = (int)Math.Min(tokens, _options.Shrink ? pool.TokenCount() : int.MaxValue);
        if (wanted < _options.MinimumTokens || !pool.TryTake(wanted, pieces))
            throw new UserException(
                $"{_corpus.Name}: {pool.Name} holds {pool.TokenCount():N0} tokens, "
                + $"and {tokens:N0} were asked for, at least {_options.MinimumTokens}");
    }

    private void TakeFrom(int tokens, double[] shares, double[] factors, List<Piece> pieces)
    {
        double[] scaled = [.. shares.Select((s, p) => s * factors[p])];
        int[] parts = Apportionment.Of((int)Math.Round(tokens * scaled.Sum()), scaled);
        for (int p = 0; p < parts.Length && GoesOn; p++) TakeFrom(p, parts[p], pieces);
    }

    private void TakeFrom(int pool, int tokens, List<Piece> pieces)
    {
        if (!_dry.Contains(pool) && !_pools[pool].TryTake(tokens, pieces)) _dry.Add(pool);
    }

    private void Reduce(double[] factors, int dry)
    {
        double needed = Needed(dry), have = _pools[dry].TokenCount();
        double factor = Math.Min(factors[dry] * 0.97, have / needed);
        if (!_options.Shrink || SmallestBudget() * factor < _options.MinimumTokens) throw TooLittle(dry, needed, have);
        // A client's own text is short for that client alone; a category is short for all, who shrink together.
        if (OwnClients) factors[dry] = factor;
        else Array.Fill(factors, factor);
    }

    private int SmallestBudget()
    {
        int smallest = Math.Min(_options.TrainTokens, _options.ReportTokens);
        if (!_options.TrustIsReport) smallest = Math.Min(smallest, _options.TrustTokens);
        return _options.ReferenceTokens > 0 && _public.DocumentCount == 0 ? Math.Min(smallest, _options.ReferenceTokens) : smallest;
    }

    private double Needed(int pool) =>
        (OwnClients ? TokensOf(pool) : Enumerable.Range(0, _clients).Sum(i => _shares[i][pool] * TokensOf(i)))
        + (_public.DocumentCount > 0 ? 0 : _options.ReferenceTokens / _usedPools);

    private int TokensOf(int client) =>
        _options.TokensPerClient - (Names(DocumentPart.Report, client) ? _options.ReportTokens : 0)
        - (Names(DocumentPart.Trust, client) && !_options.TrustIsReport ? _options.TrustTokens : 0);

    private bool Names(DocumentPart part, int client) => _splits.Of(part, client) is not null;

    private UserException TooLittle(int pool, double needed, double have)
    {
        string what = $"{_options.TrainTokens:N0} training, {(_options.TrustIsReport ? 0 : _options.TrustTokens):N0} trust and "
            + $"{_options.ReportTokens:N0} report tokens each, and {_options.ReferenceTokens:N0} of public reference";
        string detail = $"{_pools[pool].Name} would have to give {needed:N0} tokens, "
            + $"and its {_pools[pool].DocumentCount:N0} documents hold {have:N0} (no document is in two texts{Repeated()})";
        string least = _options.Shrink ? $", even at the smallest useful size of {_options.MinimumTokens} tokens a text" : "";
        string trouble = _options.Clients is null ? $"too little text for {_clients} clients" : "more clients than the data can feed";
        return new UserException($"{_corpus.Name}: {trouble}{least}: {_clients} clients want {what}; {detail}; use fewer clients, smaller texts or more data");
    }

    private string Repeated() => _repeated.Count(r => r) is > 0 and var count ? $", and {count:N0} that stand in the data more than once are dealt once" : "";

    private FederatedData Assemble(Deal deal)
    {
        if (_options.TrustIsReport) deal.Trust = deal.Report;
        var clients = new ClientData[_clients];
        var summaries = new ClientSummary[_clients];
        for (int i = 0; i < _clients; i++)
        {
            double[] shares = TrueShares(deal.Train[i]);
            int[] report = Stream(deal.Report[i], Split.Report, i),
                trust = _options.TrustIsReport ? report : Stream(deal.Trust[i], Split.Trust, i),
                train = Stream(deal.Train[i], Split.Train, i);
            string name = OwnClients ? _corpus.Clients[i] : $"client_{i}";
            clients[i] = new ClientData(name, train, trust, report, shares)
            {
                Documents = [.. deal.Train[i].Concat(deal.Trust[i]).Concat(deal.Report[i]).Select(p => p.Document).Distinct().Order()],
            };
            summaries[i] = new ClientSummary(i, name, shares,
                SplitSummary.Of(deal.Train[i].Count, train), SplitSummary.Of(deal.Trust[i].Count, trust),
                SplitSummary.Of(deal.Report[i].Count, report));
        }
        int[] reference = Stream(deal.Reference, Split.Reference, 0);
        var manifest = new ClientManifest
        {
            Version = ClientManifest.CurrentVersion,
            Data = _corpus.Name,
            CorpusHash = _corpus.Hash,
            TokenizerHash = _tokenizer.Hash,
            VocabularySize = _tokenizer.VocabularySize,
            Distribution = OwnClients ? "own" : _options.Distribution.Name,
            Seed = _options.Seed,
            JoinedBy = _joiner.Name,
            TrustIsReport = _options.TrustIsReport,
            Categories = _corpus.Categories,
            Clients = summaries,
            Reference = SplitSummary.Of(deal.Reference.Count, reference),
            Duplicates = _repeated.Count(r => r) is > 0 and var repeated ? repeated : null,
            LeftOut = _corpus.Notes.LeftOut is { Count: > 0 } left ? left : null,
            Mended = _corpus.Notes.Mended is > 0 and var mended ? mended : null,
        };
        return new FederatedData(clients, reference, manifest);
    }

    private enum Split { Train, Trust, Report, Reference }

    /// <summary>Joins the pieces in seeded order, so that the categories of a mixed client alternate.</summary>
    private int[] Stream(List<Piece> pieces, Split split, int client)
    {
        int[] order = [.. Enumerable.Range(0, pieces.Count)];
        new CounterRandom(_options.Seed, RandomPurpose.PieceOrder, client).At((long)split).Shuffle<int>(order);
        return [.. order.SelectMany(p => pieces[p].Ids)];
    }

    private double[] TrueShares(List<Piece> pieces)
    {
        var tokens = new double[_corpus.Categories.Count];
        if (tokens.Length == 0) return tokens;
        foreach (Piece piece in pieces) tokens[piece.Category] += piece.Ids.Length;
        double all = pieces.Sum(p => p.Ids.Length);
        return [.. tokens.Select(t => t / all)];
    }
}
