using LatticeFlow.Kernels.Groups;
using LatticeFlow.Kernels.Lanes;
using LatticeFlow.Kernels.Memory;

namespace LatticeFlow.Kernels.Flows;

/// <summary>The slots of one site, see <see cref="PotentialOperands{T}"/>: values from slot 0 of the site on, then cotangents, derivatives, and derivatives of cotangents.</summary>
internal readonly struct PotentialSite<TLink, T>
    where TLink : unmanaged, ILink<TLink, T>
    where T : unmanaged, IReal<T>
{
    private readonly PotentialOperands<T> operands;
    private readonly int site;

    public PotentialSite(in PotentialOperands<T> operands, int site)
    {
        this.operands = operands;
        this.site = site;
        First = site * operands.SlotStride;
        Traces = site * operands.TraceStride;
    }

    /// <summary>The first slot of values.</summary>
    public int First { get; }

    /// <summary>The first slot of cotangents.</summary>
    public int Cotangents => First + operands.SlotCount;

    /// <summary>The first slot of derivatives.</summary>
    public int Tangents => First + (2 * operands.SlotCount);

    /// <summary>The first slot of derivatives of cotangents.</summary>
    public int CotangentTangents => First + (3 * operands.SlotCount);

    /// <summary>Slots to spare.</summary>
    public int Spare => First + (4 * operands.SlotCount);

    /// <summary>The first pair of traces; their cotangents, derivatives, and derivatives of cotangents follow.</summary>
    public int Traces { get; }

    /// <summary>1, letters, adjoints, nodes and traces.</summary>
    public void FindValues()
    {
        var slots = operands.Slots;
        var one = TLink.OpenMatrix(slots, First);
        TLink.SetOne(ref one);
        TLink.StoreMatrix(slots, First, one);
        for (int l = 0; l < operands.LetterCount; l++)
        {
            var letter = TLink.Open(operands.Letters, (site * operands.LetterCount) + l);
            var copy = TLink.OpenMatrix(slots, First + 1 + l);
            TLink.Copy(letter, ref copy);
            TLink.StoreMatrix(slots, First + 1 + l, copy);
            var adjoint = TLink.OpenMatrix(slots, First + 1 + operands.LetterCount + l);
            TLink.Adjoint(letter, ref adjoint);
            TLink.StoreMatrix(slots, First + 1 + operands.LetterCount + l, adjoint);
        }

        int node = First + 1 + (2 * operands.LetterCount);
        for (int n = 0; n < operands.NodeCount; n++)
        {
            var product = TLink.OpenMatrix(slots, node + n);
            TLink.Multiply(TLink.OpenMatrix(slots, First + T.Index(operands.Nodes, 2 * n)), TLink.OpenMatrix(slots, First + T.Index(operands.Nodes, (2 * n) + 1)), ref product);
            TLink.StoreMatrix(slots, node + n, product);
        }

        for (int j = 0; j < operands.TraceCount; j++)
        {
            TLink.TraceMultiplyAdjoint(TLink.OpenMatrix(slots, First + T.Index(operands.TraceSlots, 2 * j)), TLink.OpenMatrix(slots, First + T.Index(operands.TraceSlots, (2 * j) + 1)), out T re, out T im);
            Put(Traces + j, re, im);
        }
    }

    /// <summary>The derivatives of all of that along the tangents of the letters: Ṗ = i Y P.</summary>
    public void FindTangents()
    {
        var slots = operands.Slots;
        Clear(Tangents, 1);
        for (int l = 0; l < operands.LetterCount; l++)
        {
            var generator = TLink.OpenMatrix(slots, Spare);
            TLink.FromAlgebra(operands.Tangents, (site * operands.LetterCount) + l, T.Of(1), ref generator);
            var moved = TLink.OpenMatrix(slots, Tangents + 1 + l);
            TLink.Multiply(generator, TLink.OpenMatrix(slots, First + 1 + l), ref moved);
            TLink.StoreMatrix(slots, Tangents + 1 + l, moved);
            var adjoint = TLink.OpenMatrix(slots, Tangents + 1 + operands.LetterCount + l);
            TLink.Adjoint(moved, ref adjoint);
            TLink.StoreMatrix(slots, Tangents + 1 + operands.LetterCount + l, adjoint);
        }

        int node = Tangents + 1 + (2 * operands.LetterCount);
        for (int n = 0; n < operands.NodeCount; n++)
        {
            int a = T.Index(operands.Nodes, 2 * n), b = T.Index(operands.Nodes, (2 * n) + 1);
            var product = TLink.OpenMatrix(slots, node + n);
            TLink.Multiply(TLink.OpenMatrix(slots, Tangents + a), TLink.OpenMatrix(slots, First + b), ref product);
            TLink.AddMultiply(TLink.OpenMatrix(slots, First + a), TLink.OpenMatrix(slots, Tangents + b), ref product);
            TLink.StoreMatrix(slots, node + n, product);
        }

        for (int j = 0; j < operands.TraceCount; j++)
        {
            int a = T.Index(operands.TraceSlots, 2 * j), b = T.Index(operands.TraceSlots, (2 * j) + 1);
            TLink.TraceMultiplyAdjoint(TLink.OpenMatrix(slots, Tangents + a), TLink.OpenMatrix(slots, First + b), out T re, out T im);
            TLink.TraceMultiplyAdjoint(TLink.OpenMatrix(slots, First + a), TLink.OpenMatrix(slots, Tangents + b), out T re2, out T im2);
            Put(Traces + (2 * operands.TraceCount) + j, re + re2, im + im2);
        }
    }

    /// <summary>
    /// Cotangents from those of the traces, of the values times those in <paramref name="traces"/>: t = tr(a b†) gives ā += t̄ b and b̄ += t̄* a.
    /// </summary>
    public void AddTraces(int traces, int values, int cotangents)
    {
        var slots = operands.Slots;
        for (int j = 0; j < operands.TraceCount; j++)
        {
            int a = T.Index(operands.TraceSlots, 2 * j), b = T.Index(operands.TraceSlots, (2 * j) + 1);
            T re = T.Load(operands.Traces, 2 * (traces + j)), im = T.Load(operands.Traces, (2 * (traces + j)) + 1);
            var left = TLink.OpenMatrix(slots, cotangents + a);
            TLink.AddScaledComplex(re, im, TLink.OpenMatrix(slots, values + b), ref left);
            TLink.StoreMatrix(slots, cotangents + a, left);
            if (b == 0) continue;
            var right = TLink.OpenMatrix(slots, cotangents + b);
            TLink.AddScaledComplex(re, -im, TLink.OpenMatrix(slots, values + a), ref right);
            TLink.StoreMatrix(slots, cotangents + b, right);
        }
    }

    /// <summary>c = a b gives ā += c̄ b†, b̄ += a† c̄, of the node's cotangent in <paramref name="cotangents"/> with the values in <paramref name="values"/>.</summary>
    public void AddNode(int n, int from, int values, int cotangents)
    {
        var slots = operands.Slots;
        int a = T.Index(operands.Nodes, 2 * n), b = T.Index(operands.Nodes, (2 * n) + 1), node = 1 + (2 * operands.LetterCount) + n;
        var own = TLink.OpenMatrix(slots, from + node);
        var left = TLink.OpenMatrix(slots, cotangents + a);
        TLink.AddMultiplyAdjoint(own, TLink.OpenMatrix(slots, values + b), ref left);
        TLink.StoreMatrix(slots, cotangents + a, left);
        var right = TLink.OpenMatrix(slots, cotangents + b);
        TLink.AddAdjointMultiply(TLink.OpenMatrix(slots, values + a), own, ref right);
        TLink.StoreMatrix(slots, cotangents + b, right);
    }

    /// <summary>The cotangents of adjoints go to the letters.</summary>
    public void JoinAdjoints(int cotangents)
    {
        var slots = operands.Slots;
        for (int l = 0; l < operands.LetterCount; l++)
        {
            var spare = TLink.OpenMatrix(slots, Spare);
            TLink.Adjoint(TLink.OpenMatrix(slots, cotangents + 1 + operands.LetterCount + l), ref spare);
            var letter = TLink.OpenMatrix(slots, cotangents + 1 + l);
            TLink.AddScaled(T.Of(1), spare, ref letter);
            TLink.StoreMatrix(slots, cotangents + 1 + l, letter);
        }
    }

    /// <summary>Sets <paramref name="count"/> slots to zero.</summary>
    public void Clear(int first, int count)
    {
        for (int s = 0; s < count; s++)
        {
            var slot = TLink.OpenMatrix(operands.Slots, first + s);
            TLink.SetZero(ref slot);
            TLink.StoreMatrix(operands.Slots, first + s, slot);
        }
    }

    /// <summary>Sets the pairs of numbers of all traces to zero.</summary>
    public void ClearTraces(int first)
    {
        for (int j = 0; j < operands.TraceCount; j++) Put(first + j, T.Of(0), T.Of(0));
    }

    /// <summary>Adds Re tr(−i T_a P ā†) … the derivative of L by P → e^{i s T_a} P, −Im tr(T_a P ā†), to an algebra field.</summary>
    public void AddGradient(int letter, int value, int cotangent, in Reals<T> algebra)
    {
        var product = TLink.OpenMatrix(operands.Slots, Spare);
        TLink.MultiplyAdjoint(TLink.OpenMatrix(operands.Slots, value + 1 + letter), TLink.OpenMatrix(operands.Slots, cotangent + 1 + letter), ref product);
        TLink.AddAlgebra(algebra, (site * operands.LetterCount) + letter, T.Of(-1), product);
    }

    private void Put(int pair, T re, T im)
    {
        T.Store(operands.Traces, 2 * pair, re);
        T.Store(operands.Traces, (2 * pair) + 1, im);
    }
}
