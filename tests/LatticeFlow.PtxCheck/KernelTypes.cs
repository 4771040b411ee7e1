using System.Reflection;
using LatticeFlow.Kernels;
using LatticeFlow.Kernels.Lanes;

namespace LatticeFlow.PtxCheck;

/// <summary>Finds every kernel of an assembly, closed with every choice of type arguments that a GPU can meet.</summary>
public static class KernelTypes
{
    private static readonly Type[] Lanes = [typeof(DeviceSingle), typeof(DeviceDouble)];

    /// <summary>
    /// Structs that satisfy a constraint of some kernel but exist for the CPU only: forms that keep small matrices in memory, and a test's
    /// kernel that watches threads. A GPU never meets them.
    /// </summary>
    private static readonly HashSet<string> CpuOnly = ["Matrix3`1", "MatrixN`2", "QuaternionPlace`1", "CountItems"];

    /// <summary>All kernels, closed. Lane parameters become device lanes; other parameters every struct of the assemblies that fits.</summary>
    /// <exception cref="InvalidOperationException">No choice fits the parameters of a kernel.</exception>
    public static IReadOnlyList<Type> Of(Assembly assembly) =>
        [.. Structs(assembly).Where(type => typeof(IKernel).IsAssignableFrom(type) && !CpuOnly.Contains(type.Name)).SelectMany(type => Closed(type)).OrderBy(Name, StringComparer.Ordinal)];

    /// <summary>A readable name: <c>Axpy&lt;DeviceSingle&gt;</c>.</summary>
    public static string Name(Type type)
    {
        string name = type.Name.Split('`')[0];
        if (!type.IsGenericType) return name;
        return $"{name}<{string.Join(", ", type.GetGenericArguments().Select(Name))}>";
    }

    /// <summary>The precision of a kernel: single where any of its arguments is.</summary>
    public static string Precision(Type type) => Arguments(type).Contains(typeof(DeviceSingle)) ? "single" : "double";

    private static IEnumerable<Type> Arguments(Type type) => type.GetGenericArguments().SelectMany(argument => Arguments(argument).Append(argument));

    private static List<Type> Closed(Type kernel)
    {
        if (!kernel.IsGenericTypeDefinition) return [kernel];
        List<Type> closed = [];
        Close(kernel, [], closed);
        return closed.Count > 0 ? closed : throw new InvalidOperationException($"no struct fits the type parameters of kernel {kernel}.");
    }

    private static void Close(Type kernel, Type[] chosen, List<Type> closed)
    {
        var parameters = kernel.GetGenericArguments();
        if (chosen.Length == parameters.Length)
        {
            if (TryMake(kernel, chosen) is { } type) closed.Add(type);
            return;
        }

        foreach (var candidate in Candidates(kernel.Assembly, parameters[chosen.Length])) Close(kernel, [.. chosen, candidate], closed);
    }

    private static IEnumerable<Type> Candidates(Assembly assembly, Type parameter)
    {
        var wanted = parameter.GetGenericParameterConstraints().Where(type => type.IsInterface).Select(Definition).ToArray();
        if (wanted.Length == 0) throw new InvalidOperationException($"type parameter {parameter} of kernel {parameter.DeclaringType} has no interface constraint to choose by.");
        if (wanted.Contains(typeof(IReal<>)) || wanted.Contains(typeof(IReal64<>))) return Lanes;
        return Structs(assembly).Concat(Structs(typeof(IKernel).Assembly)).Distinct()
            .Where(type => !CpuOnly.Contains(type.Name) && wanted.All(type.GetInterfaces().Select(Definition).Contains))
            .SelectMany(type => type.IsGenericTypeDefinition ? Closed(type) : [type]);
    }

    private static Type? TryMake(Type open, Type[] arguments)
    {
        try
        {
            return open.MakeGenericType(arguments);
        }
        catch (ArgumentException)
        {
            // The combination breaks a constraint, such as single matrices for double lanes.
            return null;
        }
    }

    private static Type Definition(Type type) => type.IsGenericType ? type.GetGenericTypeDefinition() : type;

    private static IEnumerable<Type> Structs(Assembly assembly) => assembly.GetTypes().Where(type => type is { IsValueType: true, IsEnum: false });
}
