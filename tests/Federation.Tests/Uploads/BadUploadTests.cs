namespace LoraCollab.Federation.Tests;

/// <summary>One client of four sends something bad, under every scheme.</summary>
public sealed class BadUploadTests : IDisposable
{
    private readonly SmallRun _run = new();

    public static TheoryData<string> Mixing() => [.. StrategyRegistry.Names.Where(s => s != "local")];

    /// <summary>Infinite, since float32 has no number of that size.</summary>
    private const string Overflow = "scale:1e300";

    private static readonly string[] Attacks = ["nan", Overflow, "scale:-100", "scale:1e20", "noise:1000"];

    private static CollaborationOptions Bad(string scheme, string attack) => SmallRun.Options with { Schemes = [scheme], Attack = attack };

    [Theory]
    [MemberData(nameof(Mixing))]
    public void Stop_EveryAttack_NamesClientRoundAndWhatItSent(string scheme)
    {
        foreach (string attack in Attacks)
        {
            var settings = _run.Settings(attack.Replace(':', '-')) with { KeepRounds = KeepRounds.None };
            var failure = Assert.Throws<CollaborationFailedException>(() => SmallRun.Run(Bad(scheme, attack), settings));
            Assert.StartsWith($"scheme {scheme}, round 1 (iteration 3), client 3: it sent ", failure.Message);
            Assert.Contains(attack == "nan" ? "NaN" : attack == Overflow ? "Infinity" : "times the round's median", failure.Message);
        }
    }

    [Theory]
    [MemberData(nameof(Mixing))]
    public void Exclude_FromTheFirstRoundOn_IsTheRunWithoutTheClientBitForBit(string scheme)
    {
        var without = SmallRun.Data with { Clients = [.. SmallRun.Data.Clients.Take(3)] };
        SmallRun.Run(SmallRun.Options with { Schemes = [scheme] }, _run.Settings("without"), data: without);
        foreach (string attack in (string[])["nan", "scale:-100"])
        {
            string folder = attack.Replace(':', '-');
            var result = SmallRun.Run(Bad(scheme, attack) with { OnBadUpload = BadUploadRule.Exclude }, _run.Settings(folder)).Schemes[scheme];
            for (int i = 0; i < 3; i++) Assert.Equal(Adapter("without", scheme, i), Adapter(folder, scheme, i));
            var excluded = Assert.Single(result.Excluded!);
            Assert.Equal((3, 1, 3), (excluded.Client, excluded.Round, excluded.Iteration));
            Assert.Equal([0, 1, 2], result.Counted.Select(c => c.Id));
            Assert.Equal(result.Clients.Take(3).Average(c => c.Loss), result.MeanLoss);
            // Its last good adapter is the one it began with: the base.
            float[] initial = LoraAdapter.InitialValues(SmallRun.Weights().Config, new LoraOptions { Rank = 2 }, LoraInitialisation.Inputs, 1, 0);
            Assert.Equal(initial, Adapter(folder, scheme, 3));
            Assert.Equal([0, 0, 0, 1], result.Trust[3]);
        }
    }

    [Theory]
    [MemberData(nameof(Mixing))]
    public void Exclude_OfTwoClients_LeavesOneThatGoesOnAlone(string scheme)
    {
        var two = SmallRun.Data with { Clients = [.. SmallRun.Data.Clients.Take(2)] };
        foreach (string attack in (string[])["nan", "scale:-100"])
        {
            var options = Bad(scheme, attack) with { OnBadUpload = BadUploadRule.Exclude };
            var result = SmallRun.Run(options, _run.Settings("two" + attack[0]), data: two).Schemes[scheme];
            Assert.Equal(1, Assert.Single(result.Excluded!).Client);
            Assert.True(double.IsFinite(result.MeanLoss));
        }
    }

    [Theory]
    [MemberData(nameof(Mixing))]
    public void StoppedAndResumed_WithExclusionAbsenceAndThreads_GivesTheSameBits(string scheme)
    {
        var options = Bad(scheme, "nan") with
        {
            Schemes = [scheme, "local"],
            OnBadUpload = BadUploadRule.Exclude,
            Absent = 0.3,
            OptimizerState = OptimizerStateRule.Aggregate,
        };
        SmallRun.Run(options, _run.Settings("whole"));
        for (int evaluations = 2; evaluations <= 8; evaluations += 2)
        {
            using var stop = new CancellationTokenSource();
            var resumed = _run.Settings("stopped", threads: 2) with { Resume = evaluations > 2 };
            Assert.ThrowsAny<OperationCanceledException>(() => SmallRun.Run(options, resumed, new StopAfterEvaluations(stop, 2), stop.Token));
        }
        SmallRun.Run(options, _run.Settings("stopped") with { Resume = true });
        Assert.Equal(SmallRun.Results(_run.Folder("whole")), SmallRun.Results(_run.Folder("stopped")));
        RequireParticipation(RunRecord.Read(_run.Folder("whole")), scheme);
    }

    /// <summary>Who is absent trusts itself, sends and receives nothing, and the ledger adds up (which reading the record has checked).</summary>
    private static void RequireParticipation(RunRecord run, string scheme)
    {
        int found = run.Summary.Schemes[scheme].Excluded!.Single().Iteration;
        foreach (var line in run.RoundsOf(scheme))
        {
            if (line.Iteration >= found) Assert.Contains(3, line.Absent!);
            foreach (int i in line.Absent!)
            {
                for (int j = 0; j < 4; j++)
                {
                    Assert.Equal((i == j ? 1 : 0, i == j ? 1 : 0), (line.Weights[i][j], line.Weights[j][i]));
                    Assert.True(double.IsNaN(line.Scores[i][j]) && double.IsNaN(line.Scores[j][i]));
                }
                // The upload for which the client was excluded has travelled up, and that is all.
                var travelled = Travelled(line, i).ToArray();
                if (i != 3 || line.Iteration != found) Assert.Empty(travelled);
                else Assert.Equal((Direction.Up, Payload.Adapter, 1), (travelled.Single().Direction, travelled[0].Payload, travelled[0].Count));
            }
            foreach (int i in line.TookPart().Present) Assert.Contains(Travelled(line, i), l => l.Direction == Direction.Down);
        }

        IEnumerable<LedgerEntry> Travelled(TrustLine line, int client) =>
            run.Ledger.Where(l => l.Scheme == scheme && l.Iteration == line.Iteration && l.Client == client);
    }

    [Fact]
    public void Attackers_WhateverTheyDo_ChangeNoBitOfTheOthersTraining()
    {
        SmallRun.Run(SmallRun.Options with { Schemes = ["local"] }, _run.Settings("honest"));
        foreach (string attack in (string[])["scale:3", "noise:1", "shifted-text"])
        {
            string folder = attack.Replace(':', '-');
            SmallRun.Run(SmallRun.Options with { Schemes = ["local"], Attack = attack, Attackers = 2 }, _run.Settings(folder));
            for (int i = 0; i < 2; i++) Assert.Equal(Adapter("honest", "local", i), Adapter(folder, "local", i));
            Assert.Equal(attack != "shifted-text", Adapter("honest", "local", 3).SequenceEqual(Adapter(folder, "local", 3)));
        }
    }

    [Fact]
    public void AllBad_OrNobodyLeftWhoCounts_StopsAndSaysSo()
    {
        var huge = SmallRun.Options with { Schemes = ["fedavg"], Attack = "scale:1e300", Attackers = 3, OnBadUpload = BadUploadRule.Exclude };
        // Three of four are not finite: the fourth goes on alone.
        Assert.Equal(3, SmallRun.Run(huge, _run.Settings("three")).Schemes["fedavg"].Excluded!.Count);
        // Three of four are huge: the one honest client is below the median, and nobody is measured as too long.
        var most = SmallRun.Run(huge with { Attack = "scale:1000" }, _run.Settings("most")).Schemes["fedavg"];
        Assert.Null(most.Excluded);
        var failure = Assert.Throws<CollaborationFailedException>(() => SmallRun.Run(huge with { Attack = "scale:0.001" }, _run.Settings("tiny")));
        Assert.Contains("no client is left whose result counts: client 0 excluded in round 1", failure.Message);
    }

    [Fact]
    public void NoUploadCheck_ATooLongUpload_IsMixed()
    {
        var options = Bad("fedavg", "scale:-100");
        var off = SmallRun.Run(options with { UploadCheck = false }, _run.Settings("off")).Schemes["fedavg"];
        var wide = SmallRun.Run(options with { UploadNorm = 1000 }, _run.Settings("wide")).Schemes["fedavg"];
        Assert.Equal(off.MeanLoss, wide.MeanLoss);
        Assert.Equal(3, off.Counted.Count());
        Assert.InRange(wide.LargestUpload!.Value, 50, 200);
        Assert.Null(off.LargestUpload);
    }

    [Theory]
    [MemberData(nameof(Mixing))]
    public void NoUploadCheck_EveryAttack_EndsInAFailureOfTheRunOrInAResult(string scheme)
    {
        // Never in an exception of another kind.
        foreach (string attack in Attacks)
        {
            var settings = _run.Settings("off-" + attack.Replace(':', '-'));
            var found = Record.Exception(() => SmallRun.Run(Bad(scheme, attack) with { UploadCheck = false }, settings));
            if (found is not null) Assert.IsType<CollaborationFailedException>(found);
        }
    }

    [Fact]
    public void TrainingThatFails_WhereBadUploadsAreExcluded_LeavesTheOthersAsWithoutIt()
    {
        // A rate at which everybody's loss becomes NaN: nobody is left, and the message says why.
        var options = SmallRun.Options with { Schemes = ["local"], LearningRate = 1e30, OnBadUpload = BadUploadRule.Exclude };
        var failure = Assert.Throws<CollaborationFailedException>(() => SmallRun.Run(options, _run.Settings("a")));
        Assert.Contains("no client is left whose result counts", failure.Message);
    }

    [Theory]
    [InlineData("int8")]
    [InlineData("float16")]
    [InlineData("topk:0.1")]
    public void Send_AnAdapterThatIsNotFinite_IsNotHiddenByTheCodec(string codec)
    {
        var layout = new FlatLayout();
        layout.Add("a", [2, 3]);
        float[] adapter = [1, 2, float.NaN, 4, float.PositiveInfinity, 6];
        var upload = UploadChannel.Of(SmallRun.Options with { Upload = codec }, layout).Send(adapter, new float[6], null, 0, 1);
        Assert.Equal(adapter, upload.Adapter);
        Assert.Equal(24, upload.Bytes.Length);
    }

    [Fact]
    public void Peers_ABadUpload_HasTravelledToEveryNeighbour()
    {
        SmallRun.Run(Bad("fedavg", "nan") with { OnBadUpload = BadUploadRule.Exclude, Exchange = ExchangeModel.Peers }, _run.Settings("peers"));
        var run = RunRecord.Read(_run.Folder("peers"));
        var refused = Assert.Single(run.Ledger, l => l.Client == 3);
        Assert.Equal((Direction.Up, Payload.Adapter, 3, 3), (refused.Direction, refused.Payload, refused.Count, refused.Iteration));
        Assert.All(run.Ledger.Where(l => l.Client != 3), l => Assert.Equal(2, l.Count));
    }

    public void Dispose() => _run.Dispose();

    private float[] Adapter(string folder, string scheme, int client) =>
        PeftAdapter.Load(RunFolder.AdapterFolder(_run.Folder(folder), scheme, client), SmallRun.Weights().Config).Values;
}
