using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Reflection;

namespace LoraCollab.Data.Options;

/// <summary>The options of a record: those that its properties declare, and those of the records in properties marked <see cref="OptionsAttribute"/>.</summary>
public static class OptionTable
{
    private static readonly ConcurrentDictionary<Type, ImmutableArray<OptionDeclaration>> s_known = new();
    private static readonly MethodInfo s_clone = typeof(object).GetMethod("MemberwiseClone", BindingFlags.Instance | BindingFlags.NonPublic)!;

    /// <summary>In the order of declaration, those of base classes first.</summary>
    public static IReadOnlyList<OptionDeclaration> Of(Type record) => s_known.GetOrAdd(record, type => [.. Declared(type, [])]);

    /// <summary>The option of that name, or of that older name; null where there is none.</summary>
    public static OptionDeclaration? Find(Type record, string name) => Of(record).FirstOrDefault(o => o.Name == name || o.Also.Contains(name));

    /// <summary>A copy of a record in which what was given has its place; what the record does not declare is passed over.</summary>
    /// <exception cref="OptionException">A text is no value of its option.</exception>
    public static T Read<T>(T standing, OptionValues given) where T : class => (T)Apply(standing, given);

    /// <exception cref="OptionException">A value of a record is out of range.</exception>
    public static void Check(object record)
    {
        foreach (var option in Of(record.GetType())) option.Check(record);
    }

    private static object Apply(object standing, OptionValues given)
    {
        object copy = s_clone.Invoke(standing, null)!;
        foreach (var property in Properties(copy.GetType()))
        {
            if (property.GetCustomAttribute<OptionAttribute>() is { } declared)
            {
                if (!given.Has(declared.Name)) continue;
                object value = new OptionDeclaration(declared, [property]).Parse(given.All(declared.Name));
                Set(property, copy, value is IOverlay parts ? parts.Over(property.GetValue(copy)) : value);
            }
            else if (property.IsDefined(typeof(OptionsAttribute))) Set(property, copy, Apply(property.GetValue(copy)!, given));
        }
        return copy;
    }

    private static void Set(PropertyInfo property, object record, object value) =>
        property.SetMethod!.Invoke(record, BindingFlags.DoNotWrapExceptions, null, [value], null);

    private static IEnumerable<OptionDeclaration> Declared(Type record, ImmutableArray<PropertyInfo> path) => Properties(record).SelectMany(property =>
        property.GetCustomAttribute<OptionAttribute>() is { } declared ? [new OptionDeclaration(declared, path.Add(property))]
        : property.GetCustomAttribute<OptionsAttribute>() is { } nested
            ? Declared(property.PropertyType, path.Add(property)).Where(o => nested.Only.Length == 0 || nested.Only.Contains(o.Group))
                .Select(o => o.Under(nested)) : []);

    private static IEnumerable<PropertyInfo> Properties(Type type) => (type.BaseType is { } b && b != typeof(object) ? Properties(b) : [])
        .Concat(type.GetProperties(BindingFlags.Instance | BindingFlags.Public | BindingFlags.DeclaredOnly).OrderBy(p => p.MetadataToken));
}
