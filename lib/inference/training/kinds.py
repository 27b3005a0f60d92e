"""The kinds of networks that are trained: how each is built, taught, compared and calibrated."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from torch import nn

from dataset import Dataset
from networks import LstmClassifier, Policy, TransformerClassifier
from ppo import net_sharpe, train_policy
from supervised import direction_loss, log_loss, train_classifier


@dataclass(frozen=True)
class Kind:
    """A kind of network: how it is built, trained and compared."""

    kind: str
    title: str
    build: Callable[[int, dict], nn.Module]
    train: Callable
    variants: list[dict]
    score: Callable[[np.ndarray, Dataset, np.ndarray, dict], float]
    """Less is better."""
    score_name: str
    calibration_loss: Callable[[np.ndarray, Dataset, np.ndarray, float], float]
    """What the temperature makes least."""


def classifier_score(logits: np.ndarray, dataset: Dataset, rows: np.ndarray, _: dict) -> float:
    return log_loss(logits, dataset, rows)


def policy_score(logits: np.ndarray, dataset: Dataset, rows: np.ndarray, settings: dict) -> float:
    return -net_sharpe(logits, dataset, rows, settings["costBp"])


def build_lstm(features: int, settings: dict) -> nn.Module:
    return LstmClassifier(features, settings["hidden"], settings["dropout"])


def build_transformer(features: int, settings: dict) -> nn.Module:
    sizes = (settings["windowCandles"], settings["width"], settings["layers"])
    return TransformerClassifier(features, *sizes, settings["dropout"])


def build_policy(features: int, settings: dict) -> nn.Module:
    return Policy(features, settings["windowCandles"])


def classifier(kind: str, title: str, build: Callable, variants: list[dict]) -> Kind:
    """A network that forecasts labels."""
    sequence = {"windowCandles": 32, "dropout": 0.2}
    return Kind(
        kind,
        title,
        build,
        train_classifier,
        [{**sequence, **variant} for variant in variants],
        classifier_score,
        "weighted log loss",
        log_loss,
    )


def kinds(cost_bp: float) -> list[Kind]:
    """The three models with their variants."""
    policy = {"windowCandles": 8, "costBp": cost_bp}
    return [
        classifier(
            "lstm",
            "LSTM",
            build_lstm,
            [
                {"hidden": 16, "learningRate": 1e-3},
                {"hidden": 32, "learningRate": 1e-3},
                {"hidden": 32, "learningRate": 3e-4},
            ],
        ),
        classifier(
            "transformer",
            "Transformer",
            build_transformer,
            [
                {"width": 16, "layers": 1, "learningRate": 1e-3},
                {"width": 32, "layers": 1, "learningRate": 3e-4},
                {"width": 32, "layers": 2, "learningRate": 3e-4},
            ],
        ),
        Kind(
            "ppo",
            "PPO policy",
            build_policy,
            train_policy,
            [
                {**policy, "drawdownPenalty": 0.1, "entropy": 0.01},
                {**policy, "drawdownPenalty": 0.1, "entropy": 0.001},
                {**policy, "drawdownPenalty": 0.5, "entropy": 0.01},
            ],
            # What a policy calls flat is a choice, not a forecast, so up and down alone calibrate it.
            policy_score,
            "minus the net Sharpe ratio of one candle",
            direction_loss,
        ),
    ]
