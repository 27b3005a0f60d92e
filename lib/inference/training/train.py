"""Trains the three models of the decision engine on one data set.

    python train.py --dataset FILE --out FOLDER

Every network is tried in three variants on the walk-forward folds of the data
set; the best on their validations is trained again on all rows before the last
validation and calibrated on that one. The last segment is not read here: `deno
task ml evaluate --write-card` looks at it once.
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path

import numpy as np
import torch
from torch import nn

from dataset import Dataset, Normalization, fit_normalization, load_dataset, usable_rows
from kinds import Kind, kinds
from package import TrainedModel, versions, write_json, write_package
from supervised import fit_temperature, predict, seeded, train_logistic

SEED = 20190101
TIMEFRAMES = {
    60_000: "1m",
    300_000: "5m",
    900_000: "15m",
    1_800_000: "30m",
    3_600_000: "1h",
    14_400_000: "4h",
    86_400_000: "1d",
}
STUDY_DTYPE = [("open_at", "<f8"), ("variant", "<f4"), ("fold", "<f4"), ("logits", "<f4", 3)]


def fit(
    kind: Kind, dataset: Dataset, rows: tuple[int, int], settings: dict
) -> tuple[nn.Module, Normalization, np.ndarray]:
    """Trains a network on some rows, normalised by these rows alone."""
    normalization = fit_normalization(dataset, rows)
    normalised = normalization.apply(dataset.features)
    seeded(SEED)
    network = kind.build(normalised.shape[1], settings)
    kind.train(network, (dataset, normalised), rows, settings, SEED)
    return network, normalization, normalised


def study(kind: Kind, dataset: Dataset) -> tuple[list[dict], np.ndarray]:
    """Scores of all variants on the walk-forward folds, and their logits there."""
    variants, records = [], []
    for number, settings in enumerate(kind.variants):
        scores = []
        for fold_number, fold in enumerate(dataset.meta["study"]["folds"]):
            network, _, normalised = fit(kind, dataset, tuple(fold["train"]), settings)
            rows = usable_rows(tuple(fold["validation"]), settings["windowCandles"])
            logits = predict(network, normalised, rows, settings["windowCandles"])
            scores.append(kind.score(logits, dataset, rows, settings))
            part = np.zeros(len(rows), STUDY_DTYPE)
            part["open_at"], part["variant"], part["fold"], part["logits"] = (
                dataset.open_at[rows],
                number,
                fold_number,
                logits,
            )
            records.append(part)
        variants.append({"settings": settings, "score": float(np.mean(scores)), "scores": scores})
        print(f"  {kind.kind} variant {number}: {np.mean(scores):.5f} {settings}", flush=True)
    return variants, np.concatenate(records)


def fold_times(dataset: Dataset, fold: dict) -> dict:
    """A fold by the open times of its rows."""
    return {name: dataset.times(tuple(rows)) for name, rows in fold.items()}


def describe(
    kind: Kind, dataset: Dataset, variants: list[dict], chosen: int, options: argparse.Namespace
) -> dict:
    """What training.json says: all that the card tells of how the model came to be."""
    meta = dataset.meta
    return {
        "market": options.market,
        "costBp": options.cost_bp,
        "seed": SEED,
        "versions": versions(),
        "data": {
            "candles": meta["candles"],
            "rowsSha256": meta["data"]["sha256"],
            "rows": dataset.times((0, meta["data"]["rows"])),
            "licence": meta["licence"],
        },
        "labels": {
            name: meta["labels"][name] for name in ("deviation", "distance", "limitCandles")
        },
        "study": {
            "embargoRows": meta["study"]["embargoRows"],
            "folds": [fold_times(dataset, fold) for fold in meta["study"]["folds"]],
            "last": fold_times(dataset, meta["study"]["last"]),
        },
        "choice": {"scoreName": kind.score_name, "variants": variants, "chosen": chosen},
    }


def train_kind(kind: Kind, dataset: Dataset, options: argparse.Namespace) -> None:
    """Tries, chooses, trains, calibrates and writes one model."""
    started = time.monotonic()
    timeframe = TIMEFRAMES[dataset.meta["candles"]["stepMs"]]
    variants, records = study(kind, dataset)
    chosen = int(np.argmin([variant["score"] for variant in variants]))
    settings = kind.variants[chosen]
    last = dataset.meta["study"]["last"]
    network, normalization, normalised = fit(kind, dataset, tuple(last["train"]), settings)
    rows = usable_rows(tuple(last["validation"]), settings["windowCandles"])
    logits = predict(network, normalised, rows, settings["windowCandles"])
    market = f", {options.market}" if options.market else ""
    model = TrainedModel(
        name=f"{kind.kind}-{timeframe}",
        title=f"{kind.title}{market}, candles of {timeframe}",
        kind=kind.kind,
        network=network,
        candles=settings["windowCandles"],
        timeframe=timeframe,
        normalization=normalization,
        temperature=fit_temperature(
            lambda temperature: kind.calibration_loss(logits, dataset, rows, temperature)
        ),
    )
    write_package(
        options.out / model.name,
        model,
        dataset,
        {
            "baseline.json": train_logistic((dataset, normalised), tuple(last["train"])),
            "training.json": describe(kind, dataset, variants, chosen, options),
        },
    )
    write_study(options.study or options.out, model.name, records)
    seconds = time.monotonic() - started
    print(
        f"{model.name}: variant {chosen}, temperature {model.temperature:.3f}, {seconds:.0f} s",
        flush=True,
    )


def write_study(folder: Path, name: str, records: np.ndarray) -> None:
    """Logits of all variants on the walk-forward validations, for the card; not part of the package."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{name}.study").write_bytes(records.tobytes())
    write_json(folder / f"{name}.study.json", {"dtype": STUDY_DTYPE, "records": len(records)})


def read_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Trains the models of the decision engine.")
    parser.add_argument(
        "--dataset",
        type=Path,
        required=True,
        help="rows of deno task ml dataset --folds 3 --licence ...",
    )
    parser.add_argument("--out", type=Path, required=True, help="folder of the model packages")
    parser.add_argument(
        "--study", type=Path, help="folder of the study's logits; that of the packages if left out"
    )
    parser.add_argument("--market", default=None, help="what the candles are of, for titles")
    parser.add_argument(
        "--cost-bp",
        type=float,
        default=1.0,
        help="fee, half a spread and slippage of one side, in basis points",
    )
    parser.add_argument(
        "--only", choices=["lstm", "transformer", "ppo"], help="trains one of the three"
    )
    return parser.parse_args()


def main() -> None:
    options = read_options()
    torch.set_num_threads(1)
    torch.use_deterministic_algorithms(True)
    dataset = load_dataset(options.dataset)
    for kind in kinds(options.cost_bp):
        if options.only in (None, kind.kind):
            train_kind(kind, dataset, options)


if __name__ == "__main__":
    main()
