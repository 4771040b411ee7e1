namespace LatticeFlow.Expressions;

/// <summary>A formula as a tree. Names mean nothing until <see cref="Rewrite"/> has put numbers, variables or other formulas in their places.</summary>
/// <param name="Position">Of its first character in the text, from 0.</param>
public abstract record Expression(int Position)
{
    /// <summary>What it is made of.</summary>
    public virtual IReadOnlyList<Expression> Parts => [];

    /// <summary>The value and its derivatives; <paramref name="variables"/> are the values of <see cref="Variable"/>.</summary>
    /// <exception cref="InvalidOperationException">A name is left in it.</exception>
    public abstract Dual At(ReadOnlySpan<Dual> variables);

    /// <summary>The same with other parts.</summary>
    protected abstract Expression With(IReadOnlyList<Expression> parts);

    /// <summary>The tree with everything replaced for which <paramref name="replace"/> has something else; what it puts in is not looked at again.</summary>
    public Expression Rewrite(Func<Expression, Expression?> replace)
        => replace(this) ?? (Parts.Count == 0 ? this : With([.. Parts.Select(part => part.Rewrite(replace))]));

    /// <summary>It and everything in it.</summary>
    public IEnumerable<Expression> All() => Parts.SelectMany(part => part.All()).Prepend(this);

    /// <summary>The innermost part that has no finite value although all of its own parts have, with its value; null where there is none.</summary>
    public (Expression Part, double Value)? Undefined(Dual[] variables)
    {
        foreach (var part in Parts)
        {
            if (part.Undefined(variables) is { } found) return found;
        }

        double value = At(variables).Value;
        return double.IsFinite(value) ? null : (this, value);
    }
}

/// <summary>A number.</summary>
public sealed record Number(double Value, int Position) : Expression(Position)
{
    public override Dual At(ReadOnlySpan<Dual> variables) => new(Value);

    protected override Expression With(IReadOnlyList<Expression> parts) => this;
}

/// <summary>The variable of this number.</summary>
public sealed record Variable(int Index, int Position) : Expression(Position)
{
    public override Dual At(ReadOnlySpan<Dual> variables) => variables[Index];

    protected override Expression With(IReadOnlyList<Expression> parts) => this;
}

/// <summary>A name, or one component of it.</summary>
public sealed record Symbol(string Name, Expression? Component, int Position) : Expression(Position)
{
    public override IReadOnlyList<Expression> Parts => Component is null ? [] : [Component];

    public override Dual At(ReadOnlySpan<Dual> variables) => throw new InvalidOperationException($"the name {Name} has no meaning here.");

    protected override Expression With(IReadOnlyList<Expression> parts) => this with { Component = parts[0] };
}

/// <summary>⟨…⟩: the mean over configurations of what stands between the brackets.</summary>
public sealed record Mean(Expression Body, int Position) : Expression(Position)
{
    public override IReadOnlyList<Expression> Parts => [Body];

    public override Dual At(ReadOnlySpan<Dual> variables) => throw new InvalidOperationException("there are no configurations here.");

    protected override Expression With(IReadOnlyList<Expression> parts) => this with { Body = parts[0] };
}

/// <summary>−a.</summary>
public sealed record Negation(Expression Operand, int Position) : Expression(Position)
{
    public override IReadOnlyList<Expression> Parts => [Operand];

    public override Dual At(ReadOnlySpan<Dual> variables) => -Operand.At(variables);

    protected override Expression With(IReadOnlyList<Expression> parts) => this with { Operand = parts[0] };
}

/// <summary>a + b, a − b, a·b, a/b or a^b.</summary>
public sealed record Operation(char Operator, Expression Left, Expression Right, int Position) : Expression(Position)
{
    public override IReadOnlyList<Expression> Parts => [Left, Right];

    public override Dual At(ReadOnlySpan<Dual> variables)
    {
        Dual a = Left.At(variables), b = Right.At(variables);
        return Operator switch { '+' => a + b, '-' => a - b, '*' => a * b, '/' => a / b, _ => ExpressionFunctions.Power(a, b) };
    }

    protected override Expression With(IReadOnlyList<Expression> parts) => this with { Left = parts[0], Right = parts[1] };
}

/// <summary>A function of its arguments; what follows the closing parenthesis without a blank, as of W(2,2)_ape5, is its suffix.</summary>
public sealed record Call(string Name, IReadOnlyList<Expression> Arguments, string Suffix, int Position) : Expression(Position)
{
    public override IReadOnlyList<Expression> Parts => Arguments;

    public override Dual At(ReadOnlySpan<Dual> variables)
    {
        var values = new Dual[Arguments.Count];
        for (int i = 0; i < values.Length; i++) values[i] = Arguments[i].At(variables);
        return ExpressionFunctions.Find(Name)!.Evaluate(values);
    }

    protected override Expression With(IReadOnlyList<Expression> parts) => this with { Arguments = parts };
}

/// <summary>A function that is no formula, of parts that are; <paramref name="Gradient"/> gives its derivatives by them.</summary>
public sealed record Opaque(Func<double[], double> Function, Func<double[], double[]> Gradient, IReadOnlyList<Expression> Arguments, int Position) : Expression(Position)
{
    public override IReadOnlyList<Expression> Parts => Arguments;

    public override Dual At(ReadOnlySpan<Dual> variables)
    {
        var values = new Dual[Arguments.Count];
        for (int i = 0; i < values.Length; i++) values[i] = Arguments[i].At(variables);
        double[] point = [.. values.Select(value => value.Value)];
        double result = Function(point);
        if (values.All(value => value.Slope is null)) return new(result);
        double[] gradient = Gradient(point);
        var sum = new Dual(result);
        for (int i = 0; i < values.Length; i++) sum = Dual.Of(result, sum, 1, values[i], gradient[i]);
        return sum;
    }

    protected override Expression With(IReadOnlyList<Expression> parts) => this with { Arguments = parts };
}
