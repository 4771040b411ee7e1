namespace LatticeFlow.Fields;

/// <summary>Where the elements of a field live.</summary>
public enum FieldPlace
{
    /// <summary>D of them a site: U_μ(x), number site·D + μ.</summary>
    Links,

    /// <summary>One a site: φ(x).</summary>
    Sites,
}
