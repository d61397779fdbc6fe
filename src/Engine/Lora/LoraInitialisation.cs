namespace LoraCollab.Engine.Lora;

/// <summary>The spread of a fresh A; B is zero, so a fresh adapter changes nothing.</summary>
public enum LoraInitialisation
{
    /// <summary>A ~ U(±1/√in): the LoRA convention.</summary>
    Inputs,

    /// <summary>A ~ U(±1/√r): what an A stored as [in, r] gets from a fan-in rule, 14 times wider at GPT-2's size.</summary>
    Rank,
}
