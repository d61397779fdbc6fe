namespace LoraCollab.Federation.Options;

/// <summary>Who sends to whom, which decides the bytes in the ledger and nothing else.</summary>
public enum ExchangeModel
{
    /// <summary>Clients send to a server, which mixes where the scheme lets it.</summary>
    Server,

    /// <summary>Every client sends to each of its neighbours.</summary>
    Peers,
}
