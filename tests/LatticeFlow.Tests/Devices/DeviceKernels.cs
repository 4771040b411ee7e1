using LatticeFlow.Kernels;
using LatticeFlow.Kernels.Lanes;
using LatticeFlow.Kernels.Memory;

namespace LatticeFlow.Tests.Devices;

/// <summary>y[i] += a · x[n(i)], and Σ[0] += y[i]·y[i] in double over the items one thread is given.</summary>
public struct AxpyKernel<T> : IKernel
    where T : unmanaged, IReal<T>
{
    public Reals<T> A;
    public Reals<T> X;
    public Reals<T> Y;
    public Sums Squares;
    public Table Next;

    public void Bind(in Place place)
    {
        X = X.At(place);
        Y = Y.At(place);
        Squares = Squares.At<T>(place);
    }

    public readonly void Execute(int item)
    {
        var y = T.Fma(T.Uniform(A, 0), T.Load(X, T.Index(Next, item)), T.Load(Y, item));
        T.Store(Y, item, y);
        T.StoreTo(Squares, item, y * y);
        T.AddTo(Squares, item, T.LoadFrom(Squares, item));
    }
}

/// <summary>Newton's iteration for √x, ended when all lanes have converged; then every operation that looks at bits.</summary>
public struct BitsKernel<T> : IKernel
    where T : unmanaged, IReal<T>
{
    public const int Outputs = 9;
    public Reals<T> X;
    public Reals<T> Y;

    public void Bind(in Place place)
    {
        X = X.At(place);
        Y = Y.At(place);
    }

    public readonly void Execute(int item)
    {
        var signed = T.Load(X, item);
        var x = T.Abs(signed);
        var root = T.Of(1);
        for (int i = 0; i < 60; i++)
        {
            var next = (root + x / root) * T.Of(0.5);
            var change = T.Abs(next - root);
            root = next;
            if (T.AllLess(change, T.Of(1e-5) * root)) break;
        }

        int e = item * Outputs;
        T.Store(Y, e, root);
        T.Store(Y, e + 1, T.Sqrt(x));
        T.Store(Y, e + 2, T.Exponent(x));
        T.Store(Y, e + 3, T.Significand(x));
        T.Store(Y, e + 4, T.Pow2(T.Exponent(x)) * T.Significand(x));
        T.Store(Y, e + 5, T.Round(signed));
        T.Store(Y, e + 6, T.CopySign(T.Of(2), signed));
        T.Store(Y, e + 7, T.SelectLess(signed, T.Of(0), T.Min(signed, T.Of(-3)), T.Max(signed, T.Of(3))));
        T.Store(Y, e + 8, T.Fnma(x, root, -x));
    }
}

/// <summary>One round of multiplying and mixing 32-bit words of the replica's number, as random numbers are made.</summary>
public struct WordsKernel<T> : IKernel
    where T : unmanaged, IReal64<T>
{
    public Sums Numbers;
    private int firstReplica;

    public void Bind(in Place place)
    {
        Numbers = Numbers.At<T>(place);
        firstReplica = place.FirstReplica<T>();
    }

    public readonly void Execute(int item)
    {
        var product = T.MultiplyWords(T.Word(0xD2511F53), T.AddWords(T.Consecutive((uint)firstReplica), T.Word(0xFFFFFFF0)));
        var high = T.XorWords(T.HighWord(product), T.Word((uint)item));
        T.StoreTo(Numbers, item, T.UnitInterval(high, T.LowWord(product)));
    }
}

/// <summary>y[i] = s[i] as the lane type of the fields reads what the double lane type wrote.</summary>
public struct CopySumsKernel<T> : IKernel
    where T : unmanaged, IReal<T>
{
    public Sums Numbers;
    public Reals<T> Y;

    public void Bind(in Place place)
    {
        Numbers = Numbers.At<T>(place);
        Y = Y.At(place);
    }

    public readonly void Execute(int item) => T.Store(Y, item, T.LoadFrom(Numbers, item));
}

/// <summary>scratch[i] = 2 x[i].</summary>
public struct ToScratchKernel<T> : IKernel
    where T : unmanaged, IReal<T>
{
    public Reals<T> X;
    public Reals<T> Scratch;

    public void Bind(in Place place)
    {
        X = X.At(place);
        Scratch = Scratch.At(place);
    }

    public readonly void Execute(int item) => T.Store(Scratch, item, T.Of(2) * T.Load(X, item));
}

/// <summary>slot[i] += scratch[items − 1 − i].</summary>
public struct ToSlotKernel<T> : IKernel
    where T : unmanaged, IReal<T>
{
    public Reals<T> Scratch;
    public Reals<T> Slot;
    public int Items;

    public void Bind(in Place place)
    {
        Scratch = Scratch.At(place);
        Slot = Slot.At(place);
    }

    public readonly void Execute(int item) => T.Store(Slot, item, T.Load(Slot, item) + T.Load(Scratch, Items - 1 - item));
}

/// <summary>A kernel that must fail the check: it indexes an array of its own, which only local memory can hold.</summary>
public struct LocalMemoryKernel : IKernel
{
    public Reals<DeviceSingle> X;

    public void Bind(in Place place) => X = X.At(place);

    public readonly void Execute(int item)
    {
        var numbers = ILGPU.LocalMemory.Allocate1D<float>(16);
        for (int i = 0; i < 16; i++) numbers[i] = DeviceSingle.Load(X, i).Value;
        DeviceSingle.Store(X, item, new DeviceSingle(numbers[item]));
    }
}

/// <summary>A kernel that no GPU can run: it reads a variable that only the host has.</summary>
public struct HostOnlyKernel : IKernel
{
    private static int calls;
    public Reals<DeviceDouble> X;

    public void Bind(in Place place) => X = X.At(place);

    public readonly void Execute(int item) => DeviceDouble.Store(X, item, DeviceDouble.Of(++calls));
}
