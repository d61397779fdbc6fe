namespace LoraCollab.Federation.Participants;

/// <summary>Mixes AdamW's moments with the weights of the adapters; every client keeps its own step count.</summary>
/// <param name="Sent">[N][2 · parameters]: m, then v, as the clients send them.</param>
/// <param name="Mixed">The same after the mix.</param>
internal sealed record MixedMoments(IReadOnlyList<float[]> Sent, IReadOnlyList<float[]> Mixed)
{
    private static readonly string[] Moments = ["m", "v"];

    public static MixedMoments Apply(IReadOnlyList<Client> clients, TrustMatrix trust, ComputeBackend lane)
    {
        var states = clients.Select(client =>
        {
            var state = new TensorBag();
            client.Sent.Optimiser.Save(state, "", lane);
            return state;
        }).ToArray();
        var mixed = Moments.ToDictionary(moment => moment, moment => AdapterMixer.Mix([.. states.Select(s => s.Floats(moment))], trust));
        for (int i = 0; i < clients.Count; i++)
        {
            var state = new TensorBag();
            foreach (string moment in Moments) state.Add(moment, [mixed[moment][i].Length], mixed[moment][i]);
            state.Add("steps", states[i].Ints("steps"));
            clients[i].Sent.Optimiser.Load(state, "", lane);
        }
        return new MixedMoments(
            [.. states.Select(s => Moments.SelectMany(s.Floats).ToArray())],
            [.. clients.Select((_, i) => Moments.SelectMany(moment => mixed[moment][i]).ToArray())]);
    }
}
