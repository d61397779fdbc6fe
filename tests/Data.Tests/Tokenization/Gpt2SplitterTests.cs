using System.Text.RegularExpressions;

namespace LoraCollab.Data.Tests;

public class Gpt2SplitterTests
{
    private static readonly Regex Pattern = new(@"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+", RegexOptions.CultureInvariant);

    [Fact]
    public void Split_RandomTextOfTheBasicPlane_EqualsThePattern()
    {
        string alphabet = "  \n\t\r'strevmlld ab1²Ⅷé日!-.\u00A0\u2003\u0085\u001C\u200B\u0301";
        for (int n = 0; n < 3000; n++)
        {
            CounterRandom random = new CounterRandom(5, RandomPurpose.GeneratedDocuments).At(n);
            var chars = new char[random.Below(25, -1)];
            for (int i = 0; i < chars.Length; i++) chars[i] = alphabet[random.Below(alphabet.Length, i)];
            string text = new(chars);
            Assert.Equal(Pattern.Matches(text).Select(m => m.Value), Split(text));
        }
    }

    [Theory]
    [InlineData("it's we'll 'Tis", new[] { "it", "'s", " we", "'ll", " '", "Tis" })]
    [InlineData("a  b", new[] { "a", " ", " b" })]
    [InlineData("a \n b", new[] { "a", " \n", " b" })]
    [InlineData("𝐚𝐛1𝟐!𝄞", new[] { "𝐚𝐛", "1𝟐", "!𝄞" })]
    [InlineData("end   ", new[] { "end", "   " })]
    public void Split_KnownText_GivesTheseWords(string text, string[] words) => Assert.Equal(words, Split(text));

    private static string[] Split(string text)
    {
        var words = new List<string>();
        foreach (ReadOnlySpan<char> word in new Gpt2Splitter(text)) words.Add(word.ToString());
        return [.. words];
    }
}
