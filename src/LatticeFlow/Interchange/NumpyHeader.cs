using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using LatticeFlow.Storage;

namespace LatticeFlow.Interchange;

/// <summary>The header of a <c>.npy</c> file (NumPy's format, versions 1 to 3): magic, version, length, and a Python dictionary of <c>descr</c>, <c>fortran_order</c> and <c>shape</c>.</summary>
internal sealed partial record NumpyHeader(bool IsComplex, RealFormat Real, IReadOnlyList<long> Shape, int Length)
{
    private const int LongestHeader = 1 << 16;

    /// <summary>Bytes of one element.</summary>
    public int ElementBytes => Real.Bytes * (IsComplex ? 2 : 1);

    /// <summary>Reads from the beginning of a stream. Fortran's order and other types than float, double and complex ones are refused.</summary>
    public static NumpyHeader Read(string path, Stream stream)
    {
        var start = new byte[12];
        if (stream.ReadAtLeast(start, start.Length, throwOnEndOfStream: false) < start.Length || !start.AsSpan().StartsWith(NumpyFile.Magic))
            throw Damaged("is no .npy file");
        int major = start[6], prefix = major == 1 ? 10 : 12;
        long length = major == 1 ? BinaryPrimitives.ReadUInt16LittleEndian(start.AsSpan(8)) : BinaryPrimitives.ReadUInt32LittleEndian(start.AsSpan(8));
        if (major is < 1 or > 3 || length > LongestHeader || prefix + length > stream.Length)
            throw Damaged($"has a .npy header of version {major} and {length} bytes");
        var text = new byte[length];
        stream.Position = prefix;
        stream.ReadExactly(text);
        string header = Encoding.Latin1.GetString(text);
        var (type, order, shape) = (Type().Match(header), Order().Match(header), ShapeText().Match(header));
        if (!type.Success || !order.Success || !shape.Success)
            throw Damaged($"has a .npy header without descr, fortran_order and shape: {PrintableText.Short(header)}");
        if (order.Groups[1].Value == "True")
            throw new StorageException(path, "is in Fortran's order", "Save it as numpy.ascontiguousarray(a)", StorageException.Unusable);
        if (type.Groups[2].Value is not ("f4" or "f8" or "c8" or "c16"))
            throw new StorageException(path, $"has elements of the type {PrintableText.Short(type.Value)}, which are no angles or phases", "Save float or complex numbers of 32 or 64 bits each", StorageException.Unusable);
        bool complex = type.Groups[2].Value[0] == 'c';
        var extents = new List<long>();
        foreach (string part in shape.Groups[1].Value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            if (extents.Count > 8 || !long.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out long extent))
                throw Damaged($"has the shape ({PrintableText.Short(shape.Groups[1].Value)})");
            extents.Add(extent);
        }

        return new(complex, new(type.Groups[2].Value is "f8" or "c16", type.Groups[1].Value == ">"), extents, checked((int)(prefix + length)));

        StorageException Damaged(string what) => new(path, what, "Restore the file from a copy");
    }

    [GeneratedRegex(@"'descr'\s*:\s*'([<>=|]?)([a-zA-Z][0-9]{1,3})'")]
    private static partial Regex Type();

    [GeneratedRegex(@"'fortran_order'\s*:\s*(True|False)")]
    private static partial Regex Order();

    [GeneratedRegex(@"'shape'\s*:\s*\(([0-9, L]{0,200})\)")]
    private static partial Regex ShapeText();
}
