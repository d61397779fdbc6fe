using System.Text.Json.Serialization;

namespace LoraCollab.Federation.Participants;

/// <summary>Training losses of one client since its last evaluation.</summary>
internal readonly record struct TrainLossSum(double Sum, int Count)
{
    [JsonIgnore]
    public double? Mean => Count == 0 ? null : Sum / Count;

    public TrainLossSum Plus(double loss) => new(Sum + loss, Count + 1);
}
