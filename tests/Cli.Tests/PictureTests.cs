using System.Diagnostics;
using SkiaSharp;

namespace LoraCollab.Cli.Tests;

public sealed class PictureTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void LogLogPicture_OfTwoPanels_IsAPngAndAnSvgWithTheirText()
    {
        LogLogPoint[] points = [new(1, "one", 3), new(2, "two", 6), new(4, "four", 13)];
        string path = folder.At("picture");
        LogLogPicture.Save(path, [new("left title", "x", points, y => $"{y} ms"), new("right title", "x", points, y => $"{y} MB")]);
        AssertTitle(path + ".png");
        string svg = File.ReadAllText(path + ".svg");
        Assert.Contains("Open Sans", svg, StringComparison.Ordinal);
    }

    /// <summary>In a mount namespace of its own, whose font folders are empty, as in a container without fonts.</summary>
    [Fact]
    public void Scaling_WhereTheSystemHasNoFonts_StillDrawsText()
    {
        RunWithoutFonts($"bench scaling --quick --axes sequence --threads 1 --out '{folder.At("scaling")}'");
        AssertTitle(Path.Combine(folder.At("scaling"), "scaling-sequence.png"));
    }

    /// <summary>Runs the program where it sees no fonts of the system, or skips the test where they cannot be hidden.</summary>
    internal static void RunWithoutFonts(string arguments)
    {
        string[] fonts = [.. new[] { "/usr/share/fonts", "/usr/local/share/fonts" }.Where(Directory.Exists)];
        if (fonts.Length == 0) Assert.Skip("no fonts are installed where they could be hidden; the other tests have shown the same");
        string hide = string.Concat(fonts.Select(f => $"mount -t tmpfs none {f} && "));
        if (!OperatingSystem.IsLinux() || Run("unshare", "-rm", "sh", "-c", $"{hide}true") != 0) Assert.Skip("hiding folders needs Linux and `unshare -rm`");
        string program = Path.Combine(AppContext.BaseDirectory, "loracollab.dll");
        Assert.Equal(0, Run("unshare", "-rm", "sh", "-c", $"{hide}exec dotnet '{program}' {arguments}"));
    }

    [Fact]
    public void LogSlope_OfPowers_IsTheExponent()
    {
        Assert.Equal(1.5, LogSlope.Between((2, 8), (8, 64)), 1e-12);
        Assert.Equal(2, LogSlope.Over([(1, 3), (2, 12), (4, 48)]), 1e-12);
        Assert.Equal(double.NaN, LogSlope.Over([(1, 3)]));
    }

    /// <summary>The band above the axes holds the titles and nothing else.</summary>
    internal static void AssertTitle(string png)
    {
        using var picture = SKBitmap.Decode(png);
        int dark = 0;
        for (int y = 0; y < 72; y++)
            for (int x = 0; x < picture.Width; x++)
                if (picture.GetPixel(x, y).Red < 128) dark++;
        Assert.True(dark > 100, $"{png}: {dark} dark pixels where the titles should be");
    }

    private static int Run(string program, params string[] args)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, args) { RedirectStandardError = true, RedirectStandardOutput = true })!;
            var error = process.StandardError.ReadToEndAsync();
            process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            return process.ExitCode;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return -1;
        }
    }
}
