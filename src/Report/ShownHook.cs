using Spectre.Console;
using Spectre.Console.Rendering;

namespace LoraCollab.Report;

/// <summary>
/// Does for tables and progress what <see cref="ShownWriter"/> does for lines: the colours around text are ours, what the text holds may not be.
/// </summary>
internal sealed class ShownHook : IRenderHook
{
    public IEnumerable<IRenderable> Process(RenderOptions options, IEnumerable<IRenderable> renderables) => renderables.Select(r => new Shown(r));

    private sealed class Shown(IRenderable inner) : IRenderable
    {
        public Measurement Measure(RenderOptions options, int maxWidth) => inner.Measure(options, maxWidth);

        public IEnumerable<Segment> Render(RenderOptions options, int maxWidth) => inner.Render(options, maxWidth).Select(segment =>
            segment.IsControlCode || segment.IsLineBreak || ShownWriter.Shown(segment.Text) is var text && text == segment.Text
                ? segment : new Segment(text, segment.Style));
    }
}
