namespace LatticeFlow.Kernels.Groups;

/// <summary>N as a type, so that compilers know the lengths of loops.</summary>
public interface ISize
{
    /// <summary>N.</summary>
    static abstract int Value { get; }
}

/// <summary>N = 4.</summary>
public readonly struct Size4 : ISize
{
    /// <inheritdoc/>
    public static int Value => 4;
}

/// <summary>N = 5.</summary>
public readonly struct Size5 : ISize
{
    /// <inheritdoc/>
    public static int Value => 5;
}

/// <summary>N = 6.</summary>
public readonly struct Size6 : ISize
{
    /// <inheritdoc/>
    public static int Value => 6;
}

/// <summary>N = 7.</summary>
public readonly struct Size7 : ISize
{
    /// <inheritdoc/>
    public static int Value => 7;
}

/// <summary>N = 8.</summary>
public readonly struct Size8 : ISize
{
    /// <inheritdoc/>
    public static int Value => 8;
}
