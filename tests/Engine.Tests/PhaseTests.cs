namespace LoraCollab.Engine.Tests;

public sealed class PhaseTests
{
    /// <summary>Of one step with adapters on the attention projections and no dropout but theirs, by hand from the blocks' lines.</summary>
    [Fact]
    public void Profile_OfOneStepAndOneEvaluation_CountsEveryOpOfTheModel()
    {
        using var backend = Backends.Create(BackendKind.Host, 1);
        var config = new GptConfig(3, 2, 8, 32, 6);
        var lora = new LoraOptions { Rank = 2, Targets = LoraTargets.Attention };
        using var model = GptModel.Frozen(backend, new RandomWeights(config, 1));
        var options = new TrainingOptions { BatchSize = 2, SequenceLength = 6, AdamW = new AdamWOptions { ClipNorm = 1 } };
        using var trainer = new LoraTrainer(model, lora, options, client: 0);
        using var pass = new GptPass(model, backend, 2, 6, PassKind.Lora, lora);
        using var profiler = new OpProfiler(backend);
        BatchFill fill = (_, _, inputs, targets) =>
        {
            inputs.Fill(1);
            targets.Fill(2);
        };
        profiler.Start();
        trainer.Step(pass, fill);
        new Evaluator(pass).Evaluate(fill, 1, 2, 6, trainer.Adapter);
        profiler.Stop();

        const int layers = 3;
        (string, long)[] forward =
        [
            ("embedding", 1), ("layernorm", 2 * layers + 1), ("matmul", 4 * layers), ("lora", 2 * layers), ("attention", layers), ("copy", 2 * layers),
            ("add_dropout", 2 * layers), ("gelu", layers),
        ];
        (string, long)[] backward =
        [
            ("fill", 2), ("classifier_backward", 1),
            ("layernorm_backward", 2 * layers), // ln_f, and both of a block but the first ln_1, below which nothing is trained
            ("matmul_backward_input", 4 * layers - 1), ("gelu_backward", layers), ("lora_backward", 2 * layers), ("attention_backward", layers),
        ];
        var found = profiler.Profile().WithoutScopes();
        Assert.Equal(Sorted(forward), Counts(OpPhase.Forward));
        Assert.Equal(Sorted(backward), Counts(OpPhase.Backward));
        Assert.Equal([("adamw", 1), ("squared_norm", 1)], Counts(OpPhase.Optimiser));
        Assert.Equal(Sorted([.. forward, ("classifier", 1)]), Counts(OpPhase.Evaluation));
        Assert.DoesNotContain(found.Ops, o => o.Phase is OpPhase.Other or OpPhase.Data or OpPhase.Trust);
        Assert.True(found.OutsideSeconds(OpPhase.Data) > 0);
        Assert.Contains(profiler.Profile().Ops, o => (o.Op, o.Scope, o.Phase, o.Count) == ("matmul", "h.2.mlp.c_proj", OpPhase.Forward, 1));

        IEnumerable<(string, long)> Counts(OpPhase phase) => Sorted(found.Ops.Where(o => o.Phase == phase).Select(o => (o.Op, o.Count)));
        static IEnumerable<(string, long)> Sorted(IEnumerable<(string Op, long)> counts) => counts.OrderBy(c => c.Op, StringComparer.Ordinal);
    }
}
