namespace LoraCollab.Federation.Participants;

/// <summary>Evaluates all clients on their report-validation text, side by side on the lanes.</summary>
/// <param name="advance">Told the stage, the iteration and the tokens that were read.</param>
internal sealed class ClientEvaluation(Workspace workspace, IReadOnlyList<Client> clients, Action<string, int, double> advance)
{
    private readonly ReportEvaluator _evaluator = new(workspace);

    /// <summary>[N]: the base without adapters.</summary>
    public ClientMetrics[] OfBase(CancellationToken stop) => Run("base", 0, withAdapter: false, [], stop);

    /// <summary>[N]: the clients as they are.</summary>
    /// <param name="except">Clients whose adapters may be anything: they are not evaluated, and null stands in their place.</param>
    /// <exception cref="CollaborationFailedException">A loss is not finite.</exception>
    public ClientMetrics[] Of(string stage, int iteration, CancellationToken stop, params int[] except) =>
        Run(stage, iteration, withAdapter: true, except, stop);

    /// <summary>[N]: losses of the clients as they are on their whole trust-validation text.</summary>
    public double[] OnTrustText(CancellationToken stop)
    {
        var losses = new double[clients.Count];
        workspace.Lanes.ForEach(losses.Length, (lane, i) =>
        {
            stop.ThrowIfCancellationRequested();
            var windows = new EvaluationWindows(clients[i].Data.TrustValidation, workspace.Options.SequenceLength);
            losses[i] = lane.Evaluator.Evaluate(windows, clients[i].Trainer.Adapter).Loss;
        });
        return losses;
    }

    private ClientMetrics[] Run(string stage, int iteration, bool withAdapter, int[] except, CancellationToken stop)
    {
        var metrics = new ClientMetrics[clients.Count];
        workspace.Lanes.ForEach(metrics.Length, (lane, i) =>
        {
            stop.ThrowIfCancellationRequested();
            if (except.Contains(i)) return;
            var client = clients[i];
            var adapter = withAdapter ? client.Trainer.Adapter : null;
            var found = Evaluate(lane, client, adapter, stage, iteration);
            double drift = adapter is null ? 0 : SharedFactorDrift.Of(workspace.Shape, Values(lane, adapter), client.Initial);
            metrics[i] = new ClientMetrics(i, found.Loss, found.Perplexity, found.Accuracy, withAdapter ? client.TrainLoss.Mean : null, drift, found.Tokens);
            advance(stage, iteration, ReportEvaluator.Tokens(workspace.Options, client.Data, iteration));
        });
        return metrics;
    }

    private Evaluation Evaluate(Lane lane, Client client, LoraAdapter? adapter, string stage, int iteration)
    {
        try
        {
            var found = _evaluator.Evaluate(lane, client.Id, client.Data, adapter, iteration);
            return client.Attacks || double.IsFinite(found.Loss) ? found : throw Failure(lane, client, adapter, iteration, found.Loss);
        }
        catch (ComputationFailedException) when (client.Attacks)
        {
            return new Evaluation(double.NaN, double.NaN, ReportEvaluator.Tokens(workspace.Options, client.Data, iteration));
        }
        catch (ComputationFailedException e)
        {
            throw new CollaborationFailedException($"scheme {stage}, client {client.Id}, evaluation at iteration {iteration}: {e.Message}", e);
        }
    }

    private static float[] Values(Lane lane, LoraAdapter adapter)
    {
        var values = new float[adapter.Layout.Length];
        lane.Backend.Download(values.AsSpan(), adapter.Parameters);
        return values;
    }

    private NonFiniteException Failure(Lane lane, Client client, LoraAdapter? adapter, int iteration, double loss)
    {
        int t = workspace.Options.SequenceLength;
        var (ids, targets) = (new int[t], new int[t]);
        new EvaluationWindows(client.Data.ReportValidation, t).Fill(0, 1, ids, targets);
        return NonFiniteFinder.Explain(lane.Evaluation, ids, 1, adapter, DropoutDraw.None, iteration, loss);
    }
}

/// <summary>One client in a line of metrics.jsonl.</summary>
/// <param name="Id">The client's number.</param>
/// <param name="Loss">Mean loss in nats a token on its report-validation text, or the part of it that was read.</param>
/// <param name="Perplexity">exp of it.</param>
/// <param name="Accuracy">Share of tokens that were the most likely.</param>
/// <param name="TrainLoss">Mean training loss over the steps since the last evaluation that trained; null where none did.</param>
/// <param name="Drift">‖A − A_0‖ / ‖A_0‖.</param>
/// <param name="Tokens">Tokens that loss and accuracy are means of.</param>
public sealed record ClientMetrics(int Id, double Loss, double Perplexity, double Accuracy, double? TrainLoss, double Drift, long Tokens);
