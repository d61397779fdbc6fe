namespace LoraCollab.Cli;

[Verb("completion", "A script that completes commands and options in a shell.", Operands = "SHELL")]
[Example("bash: what it prints belongs into ~/.bashrc", "bash")]
[Example("zsh: into a file _loracollab in a folder of $fpath", "zsh")]
[Example("PowerShell: into $PROFILE", "pwsh")]
internal sealed class CompletionCommand : Command
{
    public override int Run(CommandContext context)
    {
        context.Out.Write(Words.FirstOrDefault() switch
        {
            "bash" => Bash(),
            "zsh" => "#compdef loracollab\nautoload -U +X bashcompinit && bashcompinit\n" + Bash(),
            "pwsh" => PowerShell(),
            var shell => throw new UsageException(shell is null ? "completion: say for which shell" : $"completion {shell}: there is no script for it",
                "shells: bash, zsh, pwsh"),
        });
        return ExitCode.Success;
    }

    /// <summary>After what has been typed, what may follow: "" → the first words, "bench" → the second, "bench step" → its options.</summary>
    private static IEnumerable<(string After, string[] Words)> Continuations()
    {
        string[][] verbs = [.. CommandRegistry.Verbs.Select(v => v.Split(' '))];
        yield return ("", [.. verbs.Select(v => v[0]).Append("help").Distinct()]);
        foreach (var two in verbs.Where(v => v.Length == 2).GroupBy(v => v[0])) yield return (two.Key, [.. two.Select(v => v[1])]);
        foreach (var type in CommandRegistry.All)
            yield return (VerbAttribute.Of(type).Name, [.. OptionTable.Of(type).Select(o => "--" + o.Name).Append("--help")]);
    }

    /// <summary>After an option the words that it takes.</summary>
    private static IEnumerable<(string Option, IReadOnlyList<string> Words)> Values() => CommandRegistry.All.SelectMany(OptionTable.Of)
        .Where(o => o.Words.Count > 0).GroupBy(o => o.Name).Select(g => ("--" + g.Key, g.First().Words)).OrderBy(v => v.Item1, StringComparer.Ordinal);

    private static string Bash() => $$"""
        _loracollab() {
          local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]} verb="" words="" k
          for ((k = 1; k < COMP_CWORD && k < 3; k++)); do case ${COMP_WORDS[k]} in -*) break ;; *) verb="${verb:+$verb }${COMP_WORDS[k]}" ;; esac; done
          case $before in
        {{Lines(Values().Select(v => $"    {v.Option}) words=\"{string.Join(' ', v.Words)}\" ;;"))}}
          esac
          while [ -z "$words" ]; do
            case $verb in
        {{Lines(Continuations().Select(c => $"      \"{c.After}\") words=\"{string.Join(' ', c.Words)}\" ;;"))}}
              *" "*) verb=${verb% *}; continue ;;
            esac
            break
          done
          COMPREPLY=($(compgen -W "$words" -- "$word"))
          [ ${#COMPREPLY[@]} -gt 0 ] || COMPREPLY=($(compgen -f -- "$word"))
        }
        complete -o filenames -F _loracollab loracollab

        """.ReplaceLineEndings("\n");

    private static string PowerShell() => $$"""
        Register-ArgumentCompleter -Native -CommandName loracollab -ScriptBlock {
          param($word, $ast, $position)
          $after = @{
        {{Lines(Continuations().Select(c => $"    '{c.After}' = @({string.Join(", ", c.Words.Select(w => $"'{w}'"))})"))}}
          }
          $values = @{
        {{Lines(Values().Select(v => $"    '{v.Option}' = @({string.Join(", ", v.Words.Select(w => $"'{w}'"))})"))}}
          }
          $typed = @($ast.CommandElements | Select-Object -Skip 1 | ForEach-Object { "$_" } | Where-Object { $_ -ne $word })
          $words = if ($typed.Count -gt 0 -and $values.ContainsKey($typed[-1])) { $values[$typed[-1]] }
            elseif ($typed.Count -gt 1 -and $after.ContainsKey("$($typed[0]) $($typed[1])")) { $after["$($typed[0]) $($typed[1])"] }
            elseif ($typed.Count -gt 0) { $after[$typed[0]] } else { $after[''] }
          $words | Where-Object { $_ -like "$word*" } | ForEach-Object { [System.Management.Automation.CompletionResult]::new($_) }
        }

        """.ReplaceLineEndings("\n");

    private static string Lines(IEnumerable<string> lines) => string.Join("\n", lines);
}
