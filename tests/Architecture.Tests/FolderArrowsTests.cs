using LoraCollab.Architecture.Tests.Lower;
using LoraCollab.Architecture.Tests.Lowest;
using LoraCollab.Architecture.Tests.Upper;

namespace LoraCollab.Architecture.Tests
{
    /// <summary>That a circle between folders would be seen.</summary>
    public sealed class FolderArrowsTests
    {
        [Theory]
        [InlineData("a>b b>c a>c", "")]
        [InlineData("a>b b>a a>c", "a>b b>a")]
        [InlineData("a>b b>c c>d d>b d>e", "b>c c>d d>b")]
        public void OnCircles_OfMadeUpArrows_AreThoseThatLeadBack(string arrows, string expected) =>
            Assert.Equal(expected, string.Join(' ', FolderArrows.OnCircles(Parsed(arrows)).Select(a => $"{a.From}>{a.To}")));

        [Fact]
        public void References_OfEveryKind_AreFound()
        {
            var found = TypeReferences.Of(typeof(Everything));
            Type[] expected =
                [typeof(Base), typeof(Seam), typeof(Mark), typeof(Held), typeof(Given), typeof(Limit), typeof(Made), typeof(Called), typeof(Cast),
                 typeof(Captured)];
            Assert.Empty(expected.Except(found));
            Assert.DoesNotContain(typeof(Unused), found);
        }

        [Fact]
        public void Constant_OfAnotherFolder_IsAnArrow()
        {
            var arrows = FolderArrows.Of(typeof(Everything).Assembly, Source.Under("tests/Architecture.Tests"));
            Assert.Contains(arrows, a => (a.From, a.To) == (GetType().Namespace, typeof(Numbers).Namespace));
            Assert.Contains(arrows, a => (a.From, a.To) == (typeof(Everything).Namespace, typeof(Base).Namespace));
            Assert.DoesNotContain(arrows, a => (a.From, a.To) == (typeof(Base).Namespace, typeof(Everything).Namespace));
        }

        private static List<FolderArrows.Arrow> Parsed(string arrows) => [.. arrows.Split(' ').Select(a => new FolderArrows.Arrow(a[..1], a[2..], ""))];

        public static int Constant => Numbers.Seven;
    }
}

namespace LoraCollab.Architecture.Tests.Upper
{
    internal sealed class Everything : Base, Seam
    {
        [Mark]
        public Held[] Field = [];

        public void Take<T>(ref List<Given> given) where T : Limit => given.Clear();

        public object Code(object of)
        {
            Called.Do();
            Func<object> later = () => typeof(Captured);
            return of is Cast ? later() : new Made();
        }
    }
}

namespace LoraCollab.Architecture.Tests.Lower
{
    internal class Base;

    internal interface Seam;

    [AttributeUsage(AttributeTargets.Field)]
    internal sealed class Mark : Attribute;

    internal sealed class Held;

    internal sealed class Given;

    internal abstract class Limit;

    internal sealed class Made;

    internal sealed class Cast;

    internal sealed class Captured;

    internal sealed class Unused;

    internal static class Called
    {
        public static void Do() { }
    }
}

namespace LoraCollab.Architecture.Tests.Lowest
{
    internal static class Numbers
    {
        public const int Seven = 7;
    }
}
