"""Reads a data set of `deno task ml dataset --folds` and cuts windows from it."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np

Range = tuple[int, int]
FORMAT_VERSION = 2


@dataclass(frozen=True)
class Dataset:
    """Rows in order of time with what the file beside them says."""

    meta: dict
    open_at: np.ndarray
    close: np.ndarray
    label: np.ndarray
    """-1, 0 or 1."""
    weight: np.ndarray
    features: np.ndarray
    """float32, rows x features, as they are, not normalised."""

    def times(self, rows: Range) -> dict:
        """First and last open time of some rows, and how many there are."""
        start, end = rows
        return {
            "rows": end - start,
            "fromAt": int(self.open_at[start]),
            "toAt": int(self.open_at[end - 1]),
        }


@dataclass(frozen=True)
class Normalization:
    """Statistics of the rows that a model learns from."""

    rows: int
    mean: np.ndarray
    deviation: np.ndarray
    clip: float

    def apply(self, features: np.ndarray) -> np.ndarray:
        """(feature - mean) / deviation, cut; 0 where the feature never changed."""
        safe = np.where(self.deviation > 0, self.deviation, 1.0)
        scaled = (features.astype(np.float64) - self.mean) / safe
        scaled[:, self.deviation == 0] = 0.0
        return np.clip(scaled, -self.clip, self.clip).astype(np.float32)


def load_dataset(path: Path) -> Dataset:
    """Reads rows and description; refuses what is not whole or was not cut for a study."""
    meta = json.loads(Path(f"{path}.json").read_text())
    if meta["version"] != FORMAT_VERSION:
        raise SystemExit(
            f"{path}.json is of version {meta['version']}, not {FORMAT_VERSION}: export it again"
        )
    if meta["study"] is None:
        raise SystemExit(f"{path} was not cut for a study: export it with --folds 3")
    if meta["licence"] is None:
        raise SystemExit(f"{path} names no licence of its candles: export it with --licence")
    data = path.read_bytes()
    if hashlib.sha256(data).hexdigest() != meta["data"]["sha256"]:
        raise SystemExit(f"{path} is not what its description says: export it again")
    dtype = [tuple(field) for field in meta["data"]["dtype"]]
    rows = np.frombuffer(data, dtype)
    return Dataset(
        meta=meta,
        open_at=rows["open_at"],
        close=rows["close"],
        label=rows["label"].astype(np.int64),
        weight=rows["weight"],
        features=rows["features"],
    )


def fit_normalization(dataset: Dataset, rows: Range) -> Normalization:
    """Mean and population deviation of the features over some rows."""
    part = dataset.features[rows[0] : rows[1]].astype(np.float64)
    # Equal values have a deviation of exactly 0, whatever the rounding of their mean.
    constant = part.min(axis=0) == part.max(axis=0)
    mean = np.where(constant, part[0], part.mean(axis=0))
    deviation = np.where(constant, 0.0, part.std(axis=0))
    return Normalization(len(part), mean, deviation, float(dataset.meta["features"]["clip"]))


def usable_rows(rows: Range, candles: int) -> np.ndarray:
    """Numbers of the rows that have a whole window of earlier rows before them."""
    return np.arange(max(rows[0], candles - 1), rows[1])


def windows(normalised: np.ndarray, rows: np.ndarray, candles: int) -> np.ndarray:
    """Windows that end with each of the rows: rows x candles x features, oldest candle first."""
    places = rows[:, None] + np.arange(1 - candles, 1)[None, :]
    return normalised[places]
