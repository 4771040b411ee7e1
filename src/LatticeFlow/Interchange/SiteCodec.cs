namespace LatticeFlow.Interchange;

/// <summary>
/// The four links of a site, <c>[x y z t][row][column][2]</c> in a file and <c>[mu][row][column][2]</c> here. A file may keep the first two rows of an SU(3) matrix; the third is
/// then the complex conjugate of their vector product.
/// </summary>
internal sealed class SiteCodec(int n, bool twoRows, RealFormat real)
{
    private readonly int numbersPerLink = 2 * n * n;
    private readonly int storedPerLink = 2 * n * (twoRows ? 2 : n);

    public int BytesPerSite => ForeignOrder.Dimensions * storedPerLink * real.Bytes;

    public int NumbersPerSite => ForeignOrder.Dimensions * numbersPerLink;

    public void Decode(ReadOnlySpan<byte> stored, Span<double> links)
    {
        for (int foreign = 0; foreign < ForeignOrder.Dimensions; foreign++)
        {
            var link = links.Slice(ForeignOrder.Direction(foreign) * numbersPerLink, numbersPerLink);
            for (int part = 0; part < storedPerLink; part++)
                link[part] = real.Get(stored[(((foreign * storedPerLink) + part) * real.Bytes)..]);
            if (twoRows)
                CompleteThirdRow(link);
        }
    }

    public void Encode(ReadOnlySpan<double> links, Span<byte> stored)
    {
        for (int foreign = 0; foreign < ForeignOrder.Dimensions; foreign++)
        {
            var link = links.Slice(ForeignOrder.Direction(foreign) * numbersPerLink, numbersPerLink);
            for (int part = 0; part < storedPerLink; part++)
                real.Put(stored[(((foreign * storedPerLink) + part) * real.Bytes)..], link[part]);
        }
    }

    private static void CompleteThirdRow(Span<double> link)
    {
        for (int column = 0; column < 3; column++)
        {
            int a = 2 * ((column + 1) % 3), b = 2 * ((column + 2) % 3);
            var first = link[..6];
            var second = link[6..12];
            link[12 + (2 * column)] = (first[a] * second[b]) - (first[a + 1] * second[b + 1]) - (first[b] * second[a]) + (first[b + 1] * second[a + 1]);
            link[13 + (2 * column)] = -((first[a] * second[b + 1]) + (first[a + 1] * second[b]) - (first[b] * second[a + 1]) - (first[b + 1] * second[a]));
        }
    }
}
