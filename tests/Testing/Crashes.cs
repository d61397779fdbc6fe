namespace LoraCollab.Testing;

/// <summary>Lets some work die at each of its steps on the disk in turn, as a killed process does.</summary>
public static class Crashes
{
    /// <summary>
    /// Runs the work once for every step that it takes: that step and every one after it throw. Where the step adds to a file, the work runs once more and
    /// half of what it adds is written. The enumeration ends with the work that ends before its step comes.
    /// </summary>
    /// <param name="work">What is to die, from its beginning.</param>
    /// <param name="after">What to do and to check after each death; told which one it was.</param>
    /// <param name="counts">Of which files and folders the steps count; null: of all.</param>
    /// <returns>Deaths.</returns>
    public static int AtEveryStep(Action work, Action<string> after, Func<string, bool>? counts = null)
    {
        int deaths = 0;
        for (int step = 0; ; step++)
        {
            var death = new Death(step, counts);
            death.End(work);
            if (death.Place is null) return deaths;
            deaths++;
            after(death.Place);
            if (death.Kind != DiskStep.Append) continue;
            var torn = new Death(step, counts) { Tears = true };
            torn.End(work);
            deaths++;
            after(torn.Place + ", half of it written");
        }
    }

    /// <summary>The end of a process at its step of a number, from 0.</summary>
    private sealed class Death(int at, Func<string, bool>? counts) : Exception("the process is dead")
    {
        private int taken;
        private long before = -1;
        private string path = "";

        public bool Tears { get; init; }

        public DiskStep? Kind { get; private set; }

        /// <summary>Step and file; null where the work ended before.</summary>
        public string? Place => Kind is null ? null : $"step {at}, {Kind} of {path}";

        public void End(Action work)
        {
            Disk.Observer = Observe;
            try
            {
                work();
            }
            catch (Exception) when (Kind is not null)
            {
                // What a dead process makes of its death is nobody's concern.
            }
            finally
            {
                Disk.Observer = null;
            }
            if (before >= 0) Tear();
        }

        private void Observe(DiskStep step, string file)
        {
            if (Kind is null && (!(counts?.Invoke(file) ?? true) || taken++ < at)) return;
            if (Kind is null)
            {
                (Kind, path) = (step, file);
                if (Tears)
                {
                    // The step itself passes; at the next one, or at the work's end, half of what it added is taken away.
                    before = File.Exists(file) ? new FileInfo(file).Length : 0;
                    return;
                }
            }
            throw this;
        }

        private void Tear()
        {
            using var stream = new FileStream(path, FileMode.Open, FileAccess.Write);
            stream.SetLength((before + stream.Length) / 2);
        }
    }
}
