"""The networks. Each reads float32 [N, candles, features] and gives [N, 3] logits for down, flat and up."""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn

CLASSES = 3


class LstmClassifier(nn.Module):
    """One LSTM layer (Hochreiter and Schmidhuber 1997) and a linear reading of its last state."""

    def __init__(self, features: int, hidden: int, dropout: float) -> None:
        super().__init__()
        self.lstm = nn.LSTM(features, hidden, batch_first=True)
        self.dropout = nn.Dropout(dropout)
        self.head = nn.Linear(hidden, CLASSES)

    def forward(self, batch: Tensor) -> Tensor:
        states, _ = self.lstm(batch)
        return self.head(self.dropout(states[:, -1]))


class CausalBlock(nn.Module):
    """Masked self-attention and a feed-forward part, normalised before each (Xiong et al. 2020)."""

    def __init__(self, width: int, heads: int, candles: int, dropout: float) -> None:
        super().__init__()
        self.heads, self.size = heads, width // heads
        self.attention_norm, self.forward_norm = nn.LayerNorm(width), nn.LayerNorm(width)
        self.mix = nn.Linear(width, 3 * width)
        self.join = nn.Linear(width, width)
        self.feed = nn.Sequential(
            nn.Linear(width, 2 * width), nn.ReLU(), nn.Linear(2 * width, width)
        )
        self.dropout = nn.Dropout(dropout)
        future = torch.full((candles, candles), -1e9).triu(1)
        self.register_buffer("future", future, persistent=False)

    def attend(self, batch: Tensor) -> Tensor:
        """Each candle reads itself and those before it."""
        candles, width = batch.shape[1], batch.shape[2]
        parts = (
            self.mix(batch).reshape(-1, candles, 3, self.heads, self.size).permute(2, 0, 3, 1, 4)
        )
        query, key, value = parts[0], parts[1], parts[2]
        scores = query @ key.transpose(-1, -2) / math.sqrt(self.size) + self.future
        read = torch.softmax(scores, dim=-1) @ value
        return self.join(read.transpose(1, 2).reshape(-1, candles, width))

    def forward(self, batch: Tensor) -> Tensor:
        batch = batch + self.dropout(self.attend(self.attention_norm(batch)))
        return batch + self.dropout(self.feed(self.forward_norm(batch)))


class TransformerClassifier(nn.Module):
    """A small causal Transformer (Vaswani et al. 2017) and a linear reading of its last candle."""

    def __init__(
        self, features: int, candles: int, width: int, layers: int, dropout: float
    ) -> None:
        super().__init__()
        self.embed = nn.Linear(features, width)
        self.position = nn.Parameter(0.02 * torch.randn(candles, width))
        self.blocks = nn.Sequential(
            *(CausalBlock(width, 2, candles, dropout) for _ in range(layers))
        )
        self.norm = nn.LayerNorm(width)
        self.head = nn.Linear(width, CLASSES)

    def forward(self, batch: Tensor) -> Tensor:
        read = self.blocks(self.embed(batch) + self.position)
        return self.head(self.norm(read[:, -1]))


def perceptron(inputs: int, outputs: int, last_gain: float) -> nn.Sequential:
    """Two layers of 64 with tanh, started orthogonally, as PPO is usually run (Engstrom et al. 2020)."""
    layers: list[nn.Module] = [nn.Flatten()]
    for size_in, size_out, gain in [
        (inputs, 64, math.sqrt(2)),
        (64, 64, math.sqrt(2)),
        (64, outputs, last_gain),
    ]:
        linear = nn.Linear(size_in, size_out)
        nn.init.orthogonal_(linear.weight, gain)
        nn.init.zeros_(linear.bias)
        layers += [linear, nn.Tanh()]
    return nn.Sequential(*layers[:-1])


class Policy(nn.Module):
    """Logits of the actions short, flat and long; the critic beside it is for training alone."""

    def __init__(self, features: int, candles: int) -> None:
        super().__init__()
        self.actor = perceptron(features * candles, CLASSES, 0.01)
        self.critic = perceptron(features * candles, 1, 1.0)

    def forward(self, batch: Tensor) -> Tensor:
        return self.actor(batch)

    def value(self, batch: Tensor) -> Tensor:
        """Reward that is expected from here on."""
        return self.critic(batch).squeeze(-1)
