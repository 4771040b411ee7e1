using LatticeFlow.Kernels.Functions;
using LatticeFlow.Kernels.Groups;
using LatticeFlow.Kernels.Lanes;
using LatticeFlow.Kernels.Memory;

namespace LatticeFlow.Kernels.Flows;

/// <summary>
/// Back through one link's step: from ∂_a L at U′ and dL/d ln|det| those at U, at V_j, at M and dL/dc; the links hold U. Writes the cotangents of M, adds to those of V_j and c. An item is an active link.
/// </summary>
/// <remarks>
/// Everything happens in the basis of A; Y stands for dL = Re tr(Y d·), R = (1 + ΦK)⁻¹, L = ln det.
/// <list type="number">
/// <item>dL = tr(RΦ dK) + tr(KR dΦ). By the second derivative of the exponential function, (D² exp[M, M′])_jk = Σ_l (M_jl M′_lk + M′_jl M_lk) exp[j, l, k]: the second part is Σ_jp dA_jp Θ_jp with
/// Θ_jp = Σ_q 𝓗_{pq,jq} (e^{−iα_j} exp[j, p, q] − f_jp f_pq) + Σ_r 𝓗_{rj,rp} e^{−iα_r} exp[r, j, p], 𝓗 = KR = Φ⁻¹(1 − R).</item>
/// <item>With 𝒢 = RΦ, traceless parts, the first one is −Re Σ 𝒢_{ab,cd} dS_{cd,ab}: Y_X = −Σ_a 𝒢_{ab,ad}, Y_{W_j} = −Σ_bd 𝒢_{ab,cd} B_bd, Y_{B_j} = −Σ_ac 𝒢_{ab,cd} W_ca; and of the traces
/// Y_{W_j} = i (𝒢 + 𝒢ᵀ) Σ_k r_jk h_k + (𝒢 + 𝒢ᵀ) Σ_k i_jk e_k, where the transpose is that on Hermitian matrices.</item>
/// <item>a cotangent ω of a, dL = tr(ω da), enters X with Y_X = iω. Ad(e^{−A}) turns ∂L at U′ to γ; ω = Φᵀγ, and γ itself is that of U.</item>
/// <item>X hands on: Y_{W_j} = (B_j + ρ_j + i ι_j) Y_X, Y_{B_j} = Y_X W_j, dL/dρ_j = Re tr(Y_X W_j), dL/dι_j = −Im tr(Y_X W_j).</item>
/// </list>
/// On the way forward, ∂ log q at U is known, and that at U′ is wanted: with ln|det| subtracted it is γ = Rᵀ(…), and what the frozen links gain has the opposite sign.
/// </remarks>
public struct StapleVjp<TLink, T> : IKernel
    where TLink : unmanaged, ILink<TLink, T>
    where T : unmanaged, IReal<T>
{
    /// <summary>Matrices of the work field.</summary>
    public const int Slots = 4;

    private readonly int path;
    private StapleOperands<T> shared;

    /// <summary>The kernel of these operands; <paramref name="path"/> = 1: forward, from ∂ log q at U to that at U′; items = active links.</summary>
    public StapleVjp(in StapleOperands<T> operands, int path)
    {
        shared = operands;
        this.path = path;
    }

    /// <summary>Numbers of the work field beside <see cref="Slots"/> matrices.</summary>
    public static int Elements(int staples) =>
        StapleExponent<TLink, T>.Elements(staples) + StapleJacobian<TLink, T>.Elements(staples) + StapleCotangents<TLink, T>.Elements(staples);

    /// <inheritdoc/>
    public void Bind(in Place place) => shared = shared.At(place);

    /// <inheritdoc/>
    public readonly void Execute(int item)
    {
        var operands = shared.Of(item);
        var work = operands.Paths.Work;
        TLink x = TLink.Local(work, 0), other = TLink.Local(work, 1), basis = TLink.Local(work, 2), product = TLink.Local(work, 3);
        int first = Slots * TLink.WorkElements, active = T.Index(operands.Active, 2 * item);
        var link = TLink.Open(operands.Paths.Links, active);
        var exponent = new StapleExponent<TLink, T>(operands, item, first);
        first += StapleExponent<TLink, T>.Elements(operands.Paired);
        var jacobian = new StapleJacobian<TLink, T>(operands, exponent, first);
        first += StapleJacobian<TLink, T>.Elements(operands.Paired);
        var cotangents = new StapleCotangents<TLink, T>(operands, exponent, jacobian, item, first);
        exponent.Find(link, ref x, ref other);
        StapleStep<TLink, T>.Diagonalise(operands, exponent, jacobian, ref x, ref other, ref basis, ref product);
        jacobian.Fill();
        Elimination.Invert(jacobian.Matrix, TLink.Order * TLink.Order);
        cotangents.OfDeterminant(path != 0 ? T.Of(1) : T.Of(operands.LogDetCotangent) * T.Load(operands.ReplicaWeight, 0));

        cotangents.HandOnDeterminant();
        TLink.Multiply(link, TLink.OpenMatrix(operands.Sums, item), ref x);
        StapleStep<TLink, T>.Turn(basis, x, ref product, ref other);
        StapleJacobian<TLink, T>.Put(cotangents.Linear, other);

        // The cotangent of the link as iγ with dL = tr(γ ξ), in the basis of A.
        TLink.FromAlgebra(operands.Paths.Cotangents, active, T.Of(Algebra.NormOf<TLink, T>()), ref x);
        StapleStep<TLink, T>.Turn(basis, x, ref product, ref other);
        if (path == 0) AddLater(jacobian, cotangents, ref other);
        else AddEarlier(jacobian, cotangents, ref x, ref other);
        StapleStep<TLink, T>.TurnBack(basis, other, ref product, ref x);
        for (int a = 0; a < TLink.Generators; a++) T.Store(operands.Paths.Cotangents, (active * TLink.Generators) + a, T.Of(0));
        TLink.AddAlgebra(operands.Paths.Cotangents, active, T.Of(1), x);
        if (path == 0)
        {
            cotangents.OfLink(jacobian.Spare);
            StapleJacobian<TLink, T>.Get(jacobian.Spare, ref other);
            StapleStep<TLink, T>.TurnBack(basis, other, ref product, ref x);
            TLink.AddAlgebra(operands.Paths.Cotangents, active, T.Of(-1), x);
        }

        for (int j = 0; j < operands.Paired; j++)
        {
            cotangents.OfStaple(j, jacobian.Spare);
            StapleJacobian<TLink, T>.Get(jacobian.Spare, ref other);
            StapleStep<TLink, T>.TurnBack(basis, other, ref product, ref x);
            StapleStep<TLink, T>.Turn(link, x, ref product, ref other);
            TLink.AddAlgebra(operands.Paths.PathCotangents, operands.Staple(item, j), T.Of(-1), other);
        }

        StapleJacobian<TLink, T>.Get(cotangents.X, ref other);
        StapleStep<TLink, T>.TurnBack(basis, other, ref product, ref x);
        TLink.Multiply(x, link, ref product);
        TLink.StoreMatrix(operands.SumCotangents, item, product);
    }

    // From iγ at U′ to that at U, without what comes by way of the exponent.
    private static void AddLater(in StapleJacobian<TLink, T> jacobian, in StapleCotangents<TLink, T> cotangents, ref TLink gamma)
    {
        TurnByExponent(jacobian, -1, ref gamma);
        StapleJacobian<TLink, T>.Put(jacobian.Spare, gamma);
        cotangents.TransposeFactors(jacobian.Spare);
        cotangents.OfExponent(jacobian.Spare);
        cotangents.Complete();
    }

    // From iγ at U to that at U′.
    private static void AddEarlier(in StapleJacobian<TLink, T> jacobian, in StapleCotangents<TLink, T> cotangents, ref TLink spare, ref TLink gamma)
    {
        cotangents.Complete();
        StapleJacobian<TLink, T>.Put(jacobian.Spare, gamma);
        cotangents.OfLink(cotangents.Spare);
        StapleJacobian<TLink, T>.Get(cotangents.Spare, ref spare);
        TLink.ProjectToAlgebra(spare, ref gamma);
        StapleJacobian<TLink, T>.Put(cotangents.Spare, gamma);
        StapleJacobian<TLink, T>.AddScaled(T.Of(1), T.Of(0), cotangents.Spare, jacobian.Spare);
        cotangents.Solve(jacobian.Spare, cotangents.Spare);
        StapleJacobian<TLink, T>.Get(jacobian.Spare, ref gamma);
        cotangents.OfExponent(cotangents.Spare);
        cotangents.Complete();
        TurnByExponent(jacobian, 1, ref gamma);
    }

    // e^{±A} m e^{∓A} of an anti-Hermitian m.
    private static void TurnByExponent(in StapleJacobian<TLink, T> jacobian, int sign, ref TLink m)
    {
        for (int j = 0; j < TLink.Order; j++)
        {
            for (int k = j + 1; k < TLink.Order; k++)
            {
                Trigonometry.SinCos(T.Of(sign) * (T.Load(jacobian.Phases, j) - T.Load(jacobian.Phases, k)), out T sin, out T cos);
                TLink.MultiplyPair(j, k, cos, sin, ref m);
            }
        }
    }
}
