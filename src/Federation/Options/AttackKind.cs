namespace LoraCollab.Federation.Options;

/// <summary>The forms of <see cref="Attack"/>.</summary>
public enum AttackKind
{
    /// <summary>Every number that is sent is NaN.</summary>
    Nan,

    /// <summary>The change is multiplied by X.</summary>
    Scale,

    /// <summary>The change is multiplied by −1.</summary>
    SignFlip,

    /// <summary>In place of the change Gaussian noise of X times its norm.</summary>
    Noise,

    /// <summary>An honest upload of what was learnt from text whose tokens are moved on by half the vocabulary.</summary>
    ShiftedText,
}
