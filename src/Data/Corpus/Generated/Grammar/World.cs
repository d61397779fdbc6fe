namespace LoraCollab.Data.Corpus.Generated.Grammar;

/// <summary>
/// Turns the rules of a family into a grammar by drawing what the rules leave open: the frequency order of every lexicon, and for every frame and category
/// the words that continue it. Categories in conflict get different words for the same keys.
/// </summary>
internal sealed class World(IReadOnlyList<Rule> rules, IReadOnlyList<string> categories, CounterRandom random, double conflict)
{
    private readonly ILookup<string, Rule> _rules = rules.ToLookup(r => r.Name);
    private readonly Dictionary<string, Node?> _nodes = [];
    private readonly Dictionary<string, Dictionary<string, int[]>> _deals = [];

    /// <summary>The distribution over texts of the rule named <paramref name="name"/>.</summary>
    public Node Build(string name)
    {
        if (_nodes.TryGetValue(name, out var known)) return known ?? throw new FormatException($"rule {name} contains itself");
        _nodes[name] = null;
        var node = BuildVariants(name);
        _nodes[name] = node;
        return node;
    }

    private Node BuildVariants(string name)
    {
        var variants = _rules[name].ToList();
        if (variants.Count == 0) throw new FormatException($"there is no rule {name}");
        if (variants is [{ Category: null } common]) return Build(common);
        return new Node.ByCategory([.. categories.Select(c => variants.SingleOrDefault(v => v.Category == c) is { } rule ? Build(rule) : null)]);
    }

    private Node Build(Rule rule)
    {
        var options = rule.Alternatives.Select(Build).ToList();
        var weights = rule.Alternatives.Select(a => a.Weight).ToList();
        if (!rule.IsLexicon) return options.Count == 1 ? options[0] : Node.Choice.Of(options, weights);
        int[] order = Draws.Named(random, $"lexicon {rule.Name} {rule.Category}").Permutation(options.Count);
        return new Node.Marked(Node.Choice.Of([.. order.Select(i => options[i])], weights), Part.Lexicon);
    }

    /// <summary>An alternative with keys is a choice among all their combinations, each with its own continuations.</summary>
    private Node Build(Alternative alternative)
    {
        string[] keys = [.. alternative.Pieces.Where(p => p.Kind == ReferenceKind.Key).Select(p => p.Text)];
        var options = new List<Node>();
        var weights = new List<double>();
        Combine(new Dictionary<string, string>(), 1);
        return options.Count == 1 ? options[0] : Node.Choice.Of(options, weights);

        void Combine(Dictionary<string, string> chosen, double weight)
        {
            if (chosen.Count == keys.Length)
            {
                options.Add(new Node.Sequence([.. alternative.Pieces.Select(p => Build(p, chosen))]));
                weights.Add(weight);
                return;
            }
            string key = keys[chosen.Count];
            foreach (var value in WordList(key))
                Combine(new Dictionary<string, string>(chosen) { [key] = value.Literal }, weight * value.Weight);
        }
    }

    private Node Build(Piece piece, Dictionary<string, string> chosen) => piece.Kind switch
    {
        ReferenceKind.None => new Node.Literal(piece.Text),
        ReferenceKind.Free => Build(piece.Text),
        ReferenceKind.Key => new Node.Literal(chosen[piece.Text]),
        _ => Continuation(piece, chosen),
    };

    /// <summary>
    /// The word of list <c>piece.Text</c> that follows these keys: one of its own for every category, or with probability 1 − conflict the same for all.
    /// </summary>
    private Node.Marked Continuation(Piece piece, Dictionary<string, string> chosen)
    {
        var words = WordList(piece.Text);
        string table = $"{piece.Text}@{string.Join(',', piece.Keys)}", key = string.Join('|', piece.Keys.Select(k => chosen[k]));
        if (!_deals.TryGetValue(table, out var deal)) _deals[table] = deal = Deal(words.Count, piece, Draws.Named(random, "deal " + table));
        bool differs = Draws.Named(random, $"conflict {table} {key}").Unit() < conflict;
        var variants = categories.Select((_, c) => (Node)new Node.Literal(words[deal[key][differs ? c : 0]].Literal));
        return new Node.Marked(new Node.ByCategory([.. variants]), Part.Continuation);
    }

    /// <summary>
    /// Deals a list's words like cards: the keys in random order each get a hand of different words, one for every category, and a word comes up again only
    /// after all others have. So every word of the list follows some key, and none of them says much about the category by itself.
    /// </summary>
    private Dictionary<string, int[]> Deal(int words, Piece piece, Draws draws)
    {
        if (categories.Count > words) throw new FormatException($"rule {piece.Text} has {words} words for {categories.Count} categories");
        string[] keys = [.. Values(piece.Keys)];
        var hands = new Dictionary<string, int[]>();
        var deck = new Queue<int>();
        foreach (int k in draws.Permutation(keys.Length))
        {
            var hand = new List<int>();
            while (hand.Count < categories.Count)
            {
                if (deck.Count == 0)
                    foreach (int word in draws.Permutation(words).Where(w => !hand.Contains(w))) deck.Enqueue(word);
                hand.Add(deck.Dequeue());
            }
            hands[keys[k]] = [.. hand];
        }
        return hands;
    }

    /// <summary>Every combination of the keys' values, joined by |.</summary>
    private IEnumerable<string> Values(IEnumerable<string> keys) =>
        keys.Select(k => WordList(k).Select(v => v.Literal)).Aggregate((first, next) => first.SelectMany(_ => next, (a, b) => $"{a}|{b}"));

    private IReadOnlyList<Alternative> WordList(string name) =>
        _rules[name].ToList() is [{ Category: null } rule] && rule.Alternatives.All(a => a.IsLiteral)
            && rule.Alternatives.DistinctBy(a => a.Literal).Count() == rule.Alternatives.Count
            ? rule.Alternatives
            : throw new FormatException($"rule {name} must be one list of different words");
}
