namespace GptOss.CodeAssist.Inference.Llama.Tests;

/// <summary>Real C# to complete and to edit: this project's own files, as they lie beside the tests.</summary>
internal static class SampleCode
{
    public const string Source = """
        using System.Collections.Generic;
        using System.Linq;

        namespace Shop.Orders;

        /// <summary>An order and what it costs.</summary>
        public sealed class Order
        {
            private readonly List<OrderLine> _lines = new();

            public int Id { get; init; }

            public string CustomerName { get; set; } = "";

            public IReadOnlyList<OrderLine> Lines => _lines;

            public decimal Total => _lines.Sum(line => line.Price * line.Quantity);

            public void Add(OrderLine line)
            {
                if (line.Quantity <= 0)
                {
                    throw new ArgumentOutOfRangeException(nameof(line), "The quantity must be positive.");
                }

                _lines.Add(line);
            }

            public bool Remove(int lineId)
            {
                for (var i = 0; i < _lines.Count; i++)
                {
                    if (_lines[i].Id == lineId)
                    {
                        _lines.RemoveAt(i);
                        return true;
                    }
                }

                return false;
            }

            public override string ToString() => $"Order {Id} for {CustomerName}: {Total:F2} €";
        }

        """;
}
