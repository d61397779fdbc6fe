using System.Reflection;
using System.Reflection.Emit;
using System.Runtime.CompilerServices;

namespace LoraCollab.Architecture.Tests;

/// <summary>
/// Which types a compiled type refers to: in its base, interfaces, attributes, fields, signatures, constraints, local variables and in the code of its methods.
/// What the compiler makes of lambdas, iterators and nested types is within their outermost type. Constants are values in compiled code, and not seen here.
/// </summary>
internal static class TypeReferences
{
    private const BindingFlags Declared =
        BindingFlags.DeclaredOnly | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static;

    private static readonly Dictionary<short, OpCode> s_codes = typeof(OpCodes).GetFields(BindingFlags.Public | BindingFlags.Static)
        .Select(f => (OpCode)f.GetValue(null)!).ToDictionary(c => c.Value);

    /// <summary>The types themselves, without what they are made of: of a List of View[] both List and View.</summary>
    public static HashSet<Type> Of(Type type)
    {
        var found = new HashSet<Type>();
        Add(found, [type.BaseType, .. type.GetInterfaces(), .. Attributes(type), .. Constraints(type.GetGenericArguments())]);
        Add(found, type.GetFields(Declared).Select(f => f.FieldType));
        foreach (var member in type.GetMembers(Declared)) Add(found, Attributes(member));
        foreach (var property in type.GetProperties(Declared)) Add(found, [property.PropertyType]);
        foreach (var method in type.GetMethods(Declared).Cast<MethodBase>().Concat(type.GetConstructors(Declared)))
        {
            Add(found, [.. method.GetParameters().Select(p => p.ParameterType), (method as MethodInfo)?.ReturnType]);
            if (method.IsGenericMethod) Add(found, Constraints(method.GetGenericArguments()));
            if (method.GetMethodBody() is not { } body) continue;
            Add(found, [.. body.LocalVariables.Select(v => v.LocalType), .. body.ExceptionHandlingClauses.Select(Caught), .. OfCode(method, body)]);
        }
        foreach (var nested in type.GetNestedTypes(Declared)) found.UnionWith(Of(nested));
        return found;
    }

    private static IEnumerable<Type> Constraints(Type[] parameters) => parameters.SelectMany(p => p.GetGenericParameterConstraints());

    private static Type? Caught(ExceptionHandlingClause clause) => clause.Flags == ExceptionHandlingClauseOptions.Clause ? clause.CatchType : null;

    private static IEnumerable<Type> Attributes(MemberInfo member) => member.GetCustomAttributesData().SelectMany(a => a.ConstructorArguments
        .Concat(a.NamedArguments.Select(n => n.TypedValue)).Select(v => v.Value as Type ?? v.ArgumentType).Append(a.AttributeType));

    /// <summary>What the tokens in a method's code name: types, and the types of the members that are called or read.</summary>
    private static IEnumerable<Type?> OfCode(MethodBase method, MethodBody body)
    {
        byte[] code = body.GetILAsByteArray()!;
        Type[]? ofType = method.DeclaringType!.IsGenericType ? method.DeclaringType.GetGenericArguments() : null;
        Type[]? ofMethod = method.IsGenericMethod ? method.GetGenericArguments() : null;
        for (int at = 0; at < code.Length;)
        {
            short value = code[at] == 0xFE ? (short)(0xFE00 | code[at + 1]) : code[at];
            var operation = s_codes[value];
            at += operation.Size;
            int operand = at;
            at += operation.OperandType switch
            {
                OperandType.InlineNone => 0,
                OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar => 1,
                OperandType.InlineVar => 2,
                OperandType.InlineI8 or OperandType.InlineR => 8,
                OperandType.InlineSwitch => 4 + 4 * BitConverter.ToInt32(code, operand),
                _ => 4,
            };
            if (operation.OperandType is not (OperandType.InlineField or OperandType.InlineMethod or OperandType.InlineTok or OperandType.InlineType)) continue;
            var member = method.Module.ResolveMember(BitConverter.ToInt32(code, operand), ofType, ofMethod);
            yield return member as Type ?? member!.DeclaringType;
            if (member is MethodInfo { IsGenericMethod: true } call)
                foreach (var argument in call.GetGenericArguments()) yield return argument;
        }
    }

    private static void Add(HashSet<Type> found, IEnumerable<Type?> types)
    {
        foreach (var type in types.OfType<Type>())
        {
            if (type.HasElementType) Add(found, [type.GetElementType()]);
            else if (!type.IsGenericParameter && found.Add(type) && type.IsConstructedGenericType) Add(found, type.GetGenericArguments());
        }
    }
}
