using System.Globalization;

namespace LoraCollab.Cli.Reproduce;

/// <summary>From presets and a command line to runs: sets × distributions × seeds, and the values of a figure.</summary>
internal sealed class ReproducePlan(OptionValues given, string scale, string? seeds)
{
    private string Mode => given["compat"] ?? "corrected";

    /// <summary>The table of one family.</summary>
    public IEnumerable<PlannedRun> Table(string family)
    {
        var preset = Preset.Open(family);
        return Distributions(preset.Scale(scale)).SelectMany(distribution => Seeds(preset.Scale(scale)).Select(seed =>
        {
            var run = Run(preset, family, distribution, seed);
            return PlannedRun.Of(run, family, distribution, Mode, seed);
        }));
    }

    /// <summary>A figure: every value of the option it varies, on its own family or another.</summary>
    public IEnumerable<PlannedRun> Figure(string name, string? family = null)
    {
        var figure = Preset.Open(name);
        string over = figure.Over ?? throw new UserException($"--preset {name}: it varies no option; choose one of {string.Join(", ", Figures())}");
        var drawn = figure.Scale(scale);
        family ??= figure.Base!;
        return Values(over, drawn.ValuesUnder(Mode), family, drawn);
    }

    /// <summary>Several values of one option on the sets of a family.</summary>
    public IEnumerable<PlannedRun> Values(string over, IReadOnlyList<string> values, string family, PresetScale drawn)
    {
        var preset = Preset.Open(family);
        return Distributions(drawn).SelectMany(distribution => values.SelectMany(value => Seeds(drawn).Select(seed =>
        {
            var run = Run(preset, family, distribution, seed);
            return PlannedRun.Of(run.Set(over, value), family, distribution, Mode, seed, over, value);
        })));
    }

    /// <summary>Presets that vary an option.</summary>
    public static IEnumerable<string> Figures() => Preset.Names.Where(n => Preset.Open(n).Over is not null);

    /// <summary>Presets of data.</summary>
    public static IEnumerable<string> Families() => Preset.Names.Where(n => Preset.Open(n).Over is null);

    /// <summary>One run: the preset's options, and over them those of the command line.</summary>
    public OptionValues Run(Preset preset, string family, string distribution, ulong seed)
    {
        if (preset.NeedsData && !given.Has("data"))
            throw new UserException($"--family {family}: this text is not part of the program; give --data PATH (docs/data.md says where to get it)");
        if (!preset.NeedsData && given.Has("data"))
            throw new UserException($"--data {given["data"]}: --family {family} is built in and takes no data; choose a family with text of its own");
        if (preset.Scale(scale).NeedsModel && !given.Has("model"))
            throw new UserException($"--scale {scale} of {family} needs a pretrained GPT-2; give --model DIR (models/README.md)");
        var run = new OptionValues(given);
        foreach (var (name, text) in preset.OptionsFor(scale, distribution, Mode))
            run.SetDefault(name, name == "trap" ? text.Split(' ') : text == "true" && Flag(name) ? [] : [text]);
        return run.Set("distribution", distribution).Set("seed", seed.ToString(CultureInfo.InvariantCulture)).Remove("out", "json", "quiet");
    }

    public IReadOnlyList<ulong> Seeds(PresetScale chosen) =>
        seeds is null || int.TryParse(seeds, NumberStyles.None, CultureInfo.InvariantCulture, out _)
            ? Count(seeds is null ? chosen.Seeds : SeedList.Count(seeds))
            : SeedList.Parse(seeds);

    private IReadOnlyList<string> Distributions(PresetScale chosen) => given["distribution"] is { } one ? [one] : chosen.Distributions;

    private static bool Flag(string name) => OptionTable.Find(typeof(CollabCommand), name)!.IsFlag;

    private static ulong[] Count(int n) => [.. Enumerable.Range(1, n).Select(s => (ulong)s)];
}
