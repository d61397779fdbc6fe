namespace LoraCollab.Cli.Tests;

/// <summary>A small matrix, or a number as a matrix of one element: what the tutorial's calculations are made of.</summary>
internal readonly struct Grid
{
    private readonly double[,] values;

    private Grid(double[,] values) => this.values = values;

    public int Rows => values.GetLength(0);

    public int Columns => values.GetLength(1);

    public int Count => Rows * Columns;

    /// <summary>The number itself.</summary>
    /// <exception cref="FormatException">It is no single number.</exception>
    public double Number => Count == 1 ? values[0, 0] : throw new FormatException($"a matrix of {Rows} × {Columns} stands where a number should");

    public double this[int row, int column] => values[row, column];

    public static Grid Of(double[][] rows)
    {
        if (rows.Any(r => r.Length != rows[0].Length)) throw new FormatException("a matrix has rows of different lengths");
        return Make(rows.Length, rows[0].Length, (r, c) => rows[r][c]);
    }

    public static Grid Make(int rows, int columns, Func<int, int, double> element)
    {
        double[,] made = new double[rows, columns];
        for (int r = 0; r < rows; r++)
            for (int c = 0; c < columns; c++)
                made[r, c] = element(r, c);
        return new Grid(made);
    }

    public static Grid operator +(Grid a, Grid b) => Pairwise(a, b, (x, y) => x + y);

    /// <summary>By a number on either side.</summary>
    public static Grid operator *(Grid a, Grid b) =>
        a.Count == 1 || b.Count == 1 ? Pairwise(a, b, (x, y) => x * y) : throw new FormatException("/ wants a number");

    public static Grid operator *(Grid a, double factor) => a.Each(v => v * factor);

    public Grid Each(Func<double, double> function)
    {
        double[,] from = values;
        return Make(Rows, Columns, (r, c) => function(from[r, c]));
    }

    public Grid Elementwise(Grid other) => Pairwise(this, other, (x, y) => x * y);

    /// <summary>The square of every element.</summary>
    public Grid Elementwise() => Elementwise(this);

    /// <summary>The matrix product; with a number on either side every element times it.</summary>
    public Grid Times(Grid other)
    {
        if (Count == 1 || other.Count == 1) return this * other;
        if (Columns != other.Rows) throw new FormatException($"{Rows} × {Columns} times {other.Rows} × {other.Columns}");
        var a = this;
        return Make(Rows, other.Columns, (r, c) => Enumerable.Range(0, a.Columns).Sum(k => a[r, k] * other[k, c]));
    }

    public Grid Transposed()
    {
        var a = this;
        return Make(Columns, Rows, (r, c) => a[c, r]);
    }

    /// <summary>Of a 2 × 2 matrix.</summary>
    public Grid Inverse()
    {
        if (Rows != 2 || Columns != 2) throw new FormatException("⁻¹ is for 2 × 2 matrices");
        double determinant = (this[0, 0] * this[1, 1]) - (this[0, 1] * this[1, 0]);
        return Of([[this[1, 1], -this[0, 1]], [-this[1, 0], this[0, 0]]]) * (1 / determinant);
    }

    public Grid Sum() => Of([[values.Cast<double>().Sum()]]);

    /// <summary>Of every row.</summary>
    public Grid Softmax()
    {
        var a = this;
        return Make(Rows, Columns, (r, c) => Math.Exp(a[r, c]) / Enumerable.Range(0, a.Columns).Sum(k => Math.Exp(a[r, k])));
    }

    /// <summary>The same with one element moved by <paramref name="step"/>.</summary>
    public Grid Moved(int row, int column, double step)
    {
        var a = this;
        return Make(Rows, Columns, (r, c) => a[r, c] + (r == row && c == column ? step : 0));
    }

    private static Grid Pairwise(Grid a, Grid b, Func<double, double, double> function)
    {
        if (a.Count != 1 && b.Count != 1 && (a.Rows != b.Rows || a.Columns != b.Columns))
            throw new FormatException($"{a.Rows} × {a.Columns} and {b.Rows} × {b.Columns}");
        var shape = a.Count == 1 ? b : a;
        return Make(shape.Rows, shape.Columns, (r, c) => function(a.Count == 1 ? a[0, 0] : a[r, c], b.Count == 1 ? b[0, 0] : b[r, c]));
    }
}
