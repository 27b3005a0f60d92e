"""Training of classifiers on triple-barrier labels, their logits and their calibration."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import torch
from torch import nn
from torch.nn import functional

from dataset import Dataset, Range, usable_rows, windows

EPOCHS = 8
EPOCH_STRIDE = 4
"""Labels of neighbouring rows are nearly the same, so an epoch takes each fourth row, others each time."""
BATCH = 256
WEIGHT_DECAY = 1e-2


def seeded(seed: int) -> np.random.Generator:
    """Fixes torch's randomness and gives numpy's."""
    torch.manual_seed(seed)
    return np.random.default_rng(seed)


def targets(dataset: Dataset, rows: np.ndarray) -> torch.Tensor:
    """Classes 0, 1, 2 for down, flat, up."""
    return torch.from_numpy(dataset.label[rows] + 1)


def train_classifier(
    model: nn.Module, data: tuple[Dataset, np.ndarray], rows: Range, settings: dict, seed: int
) -> None:
    """Adam on the log loss, weighted by the uniqueness of the labels; the rate falls to 0 by a cosine."""
    dataset, normalised = data
    rng = seeded(seed)
    usable = usable_rows(rows, settings["windowCandles"])
    scale = float(dataset.weight[usable].mean())
    optimizer = torch.optim.AdamW(
        model.parameters(), lr=settings["learningRate"], weight_decay=WEIGHT_DECAY
    )
    steps = EPOCHS * (len(usable) // EPOCH_STRIDE // BATCH + 1)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, steps)
    model.train()
    for epoch in range(EPOCHS):
        order = rng.permutation(usable[epoch % EPOCH_STRIDE :: EPOCH_STRIDE])
        for batch in np.array_split(order, max(1, len(order) // BATCH)):
            logits = model(torch.from_numpy(windows(normalised, batch, settings["windowCandles"])))
            loss = functional.cross_entropy(logits, targets(dataset, batch), reduction="none")
            weight = torch.from_numpy(dataset.weight[batch] / scale)
            optimizer.zero_grad()
            (loss * weight).mean().backward()
            nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimizer.step()
            schedule.step()
    model.eval()


@torch.no_grad()
def predict(model: nn.Module, normalised: np.ndarray, rows: np.ndarray, candles: int) -> np.ndarray:
    """Logits of the windows that end with each row."""
    parts = [
        model(torch.from_numpy(windows(normalised, part, candles))).numpy() for part in chunks(rows)
    ]
    return np.concatenate(parts)


def chunks(rows: np.ndarray) -> list[np.ndarray]:
    """Pieces that fit into memory as windows."""
    return np.array_split(rows, max(1, len(rows) // 2048))


def log_loss(
    logits: np.ndarray, dataset: Dataset, rows: np.ndarray, temperature: float = 1.0
) -> float:
    """Mean log loss, weighted by the uniqueness of the labels."""
    scaled = torch.from_numpy(logits.astype(np.float64) / temperature)
    loss = functional.cross_entropy(scaled, targets(dataset, rows), reduction="none").numpy()
    return float(np.average(loss, weights=dataset.weight[rows]))


def direction_loss(
    logits: np.ndarray, dataset: Dataset, rows: np.ndarray, temperature: float
) -> float:
    """Mean log loss of up against down, over the rows with such a label, by uniqueness."""
    decided = dataset.label[rows] != 0
    edge = (logits[decided, 2] - logits[decided, 0]).astype(np.float64) / temperature
    signed = np.where(dataset.label[rows][decided] == 1, edge, -edge)
    return float(np.average(np.logaddexp(0.0, -signed), weights=dataset.weight[rows][decided]))


def fit_temperature(loss: Callable[[float], float]) -> float:
    """The temperature with the least loss (Guo et al. 2017), by golden-section search of its logarithm."""
    low, high = np.log(0.05), np.log(100.0)
    golden = (np.sqrt(5.0) - 1) / 2
    for _ in range(60):
        left, right = high - golden * (high - low), low + golden * (high - low)
        if loss(float(np.exp(left))) < loss(float(np.exp(right))):
            high = right
        else:
            low = left
    return float(np.exp((low + high) / 2))


def train_logistic(data: tuple[Dataset, np.ndarray], rows: Range) -> dict:
    """Multinomial logistic regression on the newest candle's features: the baseline."""
    dataset, normalised = data
    seeded(0)
    usable = usable_rows(rows, 1)
    inputs, classes = torch.from_numpy(normalised[usable]).double(), targets(dataset, usable)
    weight = torch.from_numpy(dataset.weight[usable] / dataset.weight[usable].mean()).double()
    linear = nn.Linear(inputs.shape[1], 3).double()
    optimizer = torch.optim.LBFGS(linear.parameters(), max_iter=200, line_search_fn="strong_wolfe")

    def loss() -> torch.Tensor:
        optimizer.zero_grad()
        each = functional.cross_entropy(linear(inputs), classes, reduction="none")
        total = (each * weight).mean() + 1e-3 * linear.weight.square().sum()
        total.backward()
        return total

    optimizer.step(loss)
    return {
        "weights": linear.weight.detach().numpy().astype(np.float32).tolist(),
        "bias": linear.bias.detach().numpy().astype(np.float32).tolist(),
    }
