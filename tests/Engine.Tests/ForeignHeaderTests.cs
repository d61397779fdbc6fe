using System.Diagnostics;
using System.Text;
using LoraCollab.Testing;

namespace LoraCollab.Engine.Tests;

/// <summary>What a reader of model or adapter files does with bytes that mean nothing: a value or one line, soon and within little memory.</summary>
public sealed class ForeignHeaderTests : IDisposable
{
    private const int Mutations = 400;
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("{\"\\ud83d\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}", 4)]
    [InlineData("{\"x\":{\"dtype\":\"\\ud83d\",\"shape\":[1],\"data_offsets\":[0,4]}}", 4)]
    [InlineData("{\"__metadata__\":{\"a\":\"\\ud83d\"},\"x\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}", 4)]
    [InlineData("{\"x\":null}", 0)]
    [InlineData("{\"x\":[]}", 0)]
    [InlineData("{\"x\":{\"dtype\":null,\"shape\":null,\"data_offsets\":null}}", 0)]
    [InlineData("{\"x\":{\"dtype\":\"F32\",\"shape\":[[1]],\"data_offsets\":[0,4]}}", 4)]
    [InlineData("{\"x\":{\"dtype\":\"F32\",\"shape\":[1],\"shape\":[1],\"data_offsets\":[0,4]}}", 4)]
    [InlineData("{\"x\":{\"dtype\":\"F32\",\"shape\":[1e0],\"data_offsets\":[0,4]}}", 4)]
    [InlineData("{\"x\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4,8]}}", 4)]
    [InlineData("{\"x\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[-9223372036854775808,9223372036854775807]}}", 4)]
    [InlineData("{\"x\":{\"dtype\":\"F32\",\"shape\":[99999999999999999999],\"data_offsets\":[0,4]}}", 4)]
    [InlineData("{} {}", 0)]
    [InlineData("null", 0)]
    public void Header_OfAnotherForm_IsRefusedWithTheFile(string header, int dataBytes)
    {
        string file = _folder.At("x.safetensors");
        RawSafetensors.Write(file, header, new byte[dataBytes]);
        AssertClear(file, Assert.Throws<UserException>(() => SafetensorsFile.Open(file)).Message);
    }

    [Fact]
    public void Header_WithByteOrderMarkOrForeignKeys_IsRead()
    {
        string file = _folder.At("x.safetensors");
        RawSafetensors.Write(file, "\uFEFF{\"__metadata__\":{\"a\":\"b\",\"c\":[1]},\"x\":{\"note\":{\"a\":[1]},\"dtype\":\"F32\",\"shape\":[],"
            + "\"data_offsets\":[0,4]}} ", new byte[4]);
        using var opened = SafetensorsFile.Open(file);
        Assert.Equal([0f], opened.Floats("x"));
        Assert.Equal("b", opened.Metadata["a"]);
    }

    [Fact]
    public void Header_OfManyTensors_IsReadInLinearTimeAndMemory()
    {
        const int Count = 100_000;
        string file = _folder.At("x.safetensors");
        var header = new StringBuilder("{");
        for (int i = 0; i < Count; i++) header.Append(i == 0 ? "" : ",").Append($"\"t{i}\":{{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[{i},{i + 1}]}}");
        RawSafetensors.Write(file, header.Append('}').ToString(), new byte[Count]);
        header.Clear();
        long before = GC.GetAllocatedBytesForCurrentThread();
        var watch = Stopwatch.StartNew();
        using var opened = SafetensorsFile.Open(file);
        Assert.Equal(Count, opened.Tensors.Count);
        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 100_000_000);
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(2));
    }

    [Fact]
    public void Header_LongerThanAnyModels_IsRefusedBeforeItIsRead()
    {
        string file = _folder.At("x.safetensors");
        using (var stream = File.Create(file))
        {
            stream.Write(BitConverter.GetBytes(50_000_000L));
            stream.SetLength(50_000_100);
        }
        long before = GC.GetAllocatedBytesForCurrentThread();
        string message = Assert.Throws<UserException>(() => SafetensorsFile.Open(file)).Message;
        Assert.Contains("50,000,000", message);
        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 1 << 20);
    }

    [Theory]
    [InlineData("[1]")]
    [InlineData("null")]
    [InlineData("{\"r\": 1, \"r\": 2}")]
    [InlineData("{\"r\": 1")]
    [InlineData("{\"r\": NaN}")]
    [InlineData("")]
    [InlineData("{\"weight_map\": null}")]
    [InlineData("{\"weight_map\": [1]}")]
    [InlineData("{\"weight_map\": {\"a\": 1}}")]
    [InlineData("{\"weight_map\": {\"a\": \"..\"}}")]
    [InlineData("{\"weight_map\": {\"a\": \"\\u0000\"}}")]
    [InlineData("{\"weight_map\": {\"a\": \"\\ud83d\"}}")]
    public void Json_OfAnotherForm_IsRefusedWithTheFile(string text)
    {
        string config = _folder.File("config.json", text), adapter = _folder.File("adapter_config.json", text);
        AssertClear(config, Assert.Throws<UserException>(() => HfConfig.Read(config)).Message);
        AssertClear(adapter, Assert.Throws<UserException>(() => PeftConfig.Read(adapter)).Message);
        _folder.File("config.json", HfConfig.Write(SmallModel.Tiny));
        _folder.File("model.safetensors.index.json", text);
        AssertClear(_folder.Path, Assert.Throws<UserException>(() => HfCheckpoint.Open(_folder.Path)).Message);
    }

    [Fact]
    public void Json_InvalidUtf8_IsRefusedAndHalfAPairIsMended()
    {
        string file = _folder.File("config.json", [(byte)'{', (byte)'"', 0xC3, (byte)'"', (byte)':', (byte)'1', (byte)'}']);
        AssertClear(file, Assert.Throws<UserException>(() => HfConfig.Read(file)).Message);
        file = _folder.File("config.json", "\uFEFF" + HfConfig.Write(SmallModel.Tiny).Replace("GPT2LMHeadModel", "\\ud83d"));
        Assert.Equal(SmallModel.Tiny, HfConfig.Read(file));
    }

    [Fact]
    public void Configuration_OfMoreLayersThanTheFileHasTensors_AsksForNoMemory()
    {
        HfCheckpoint.Save(_folder.Path, new SmallModel(SmallModel.Tiny));
        _folder.File("config.json", HfConfig.Write(SmallModel.Tiny with { Layers = 65535 }));
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Contains("65535 layers", Assert.Throws<UserException>(() => HfCheckpoint.Open(_folder.Path)).Message);
        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 1 << 20);
    }

    [Theory]
    [InlineData("config.json")]
    [InlineData("model.safetensors")]
    [InlineData("adapter_config.json")]
    [InlineData("adapter_model.safetensors")]
    public void Files_Mutated_GiveAValueOrOneLine(string name)
    {
        var lora = new LoraOptions { Rank = 2 };
        HfCheckpoint.Save(_folder.Path, new SmallModel(SmallModel.Tiny));
        new PeftAdapter(lora, SmallModel.AdapterValues(SmallModel.Tiny, lora)).Save(_folder.Path, SmallModel.Tiny, "tiny");
        byte[] good = File.ReadAllBytes(_folder.At(name));
        for (int seed = 0; seed < Mutations; seed++)
        {
            File.WriteAllBytes(_folder.At(name), Mutated(good, new Random(seed)));
            try
            {
                using var model = HfCheckpoint.Open(_folder.Path);
                PeftAdapter.Load(_folder.Path, SmallModel.Tiny);
            }
            catch (UserException e)
            {
                AssertClear(_folder.Path, e.Message);
            }
        }
    }

    /// <summary>A few bytes of the first kilobytes changed, or a piece cut out, doubled or moved.</summary>
    private static byte[] Mutated(byte[] good, Random random)
    {
        var bytes = new List<byte>(good);
        for (int n = random.Next(1, 4); n > 0; n--)
        {
            int at = random.Next(Math.Min(bytes.Count, 3000)), length = random.Next(1, Math.Min(40, bytes.Count - at));
            switch (random.Next(4))
            {
                case 0: bytes[at] = (byte)random.Next(256); break;
                case 1: bytes.RemoveRange(at, length); break;
                case 2: bytes.InsertRange(at, bytes.GetRange(at, length)); break;
                default: bytes[at] = (byte)"0123456789-{}[]\",:.eEnul\\"[random.Next(24)]; break;
            }
        }
        return [.. bytes];
    }

    private static void AssertClear(string place, string message)
    {
        Assert.Contains(place, message);
        Assert.DoesNotContain("System.", message);
        Assert.DoesNotContain("LoraCollab", message.Replace(place, ""));
        Assert.DoesNotContain('\n', message);
    }
}
