"""Writes a model package: model.onnx, model.json, golden.json, baseline.json and training.json."""

from __future__ import annotations

import hashlib
import json
import platform
import warnings
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import torch
from torch import nn

from dataset import Dataset, Normalization

OPSET = 17
PARITY = 1e-5
"""Largest difference allowed between the logits of the file and of the network that it was made of."""
ONNX_BYTES_MAX = 1_048_576
GOLDEN_WINDOWS = 2


@dataclass(frozen=True)
class TrainedModel:
    """A network with all that its manifest says."""

    name: str
    title: str
    kind: str
    network: nn.Module
    candles: int
    timeframe: str
    normalization: Normalization
    temperature: float


def write_package(
    folder: Path, model: TrainedModel, dataset: Dataset, texts: dict[str, object]
) -> None:
    """Writes all files of a package; `texts` are JSON files by their names."""
    folder.mkdir(parents=True, exist_ok=True)
    digest = export_onnx(folder / "model.onnx", model)
    write_json(folder / "golden.json", golden_windows(folder / "model.onnx", model))
    write_json(folder / "model.json", manifest(model, dataset, digest))
    for name, value in texts.items():
        write_json(folder / name, value)


def export_onnx(path: Path, model: TrainedModel) -> str:
    """Writes the file, checks it and answers with its SHA-256."""
    features = len(model.normalization.mean)
    example = torch.zeros(2, model.candles, features)
    # It warns that another batch size might fail; check_parity tries three.
    warnings.filterwarnings("ignore", message="Exporting a model to ONNX with a batch_size")
    torch.onnx.export(
        model.network,
        (example,),
        str(path),
        opset_version=OPSET,
        dynamo=False,
        input_names=["windows"],
        output_names=["logits"],
        dynamic_axes={"windows": {0: "batch"}, "logits": {0: "batch"}},
    )
    onnx.checker.check_model(str(path), full_check=True)
    data = path.read_bytes()
    if len(data) > ONNX_BYTES_MAX:
        raise SystemExit(
            f"{path} has {len(data)} bytes, more than {ONNX_BYTES_MAX}: make the network smaller"
        )
    check_parity(path, model, features)
    return hashlib.sha256(data).hexdigest()


def check_parity(path: Path, model: TrainedModel, features: int) -> None:
    """Compares the file with the network on random windows, one alone and several at once."""
    session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
    rng = np.random.default_rng(7)
    for count in (1, 5, 64):
        batch = rng.normal(size=(count, model.candles, features)).clip(-5, 5).astype(np.float32)
        with torch.no_grad():
            expected = model.network(torch.from_numpy(batch)).numpy()
        found = session.run(["logits"], {"windows": batch})[0]
        worst = float(np.abs(found - expected).max())
        if not worst <= PARITY:
            raise SystemExit(
                f"{path} differs from its network by {worst:.2e}, more than {PARITY:.0e}"
            )


def golden_windows(path: Path, model: TrainedModel) -> dict:
    """Windows of random quarters, which any program reads exactly, with the file's logits."""
    rng = np.random.default_rng(11)
    shape = (GOLDEN_WINDOWS, model.candles, len(model.normalization.mean))
    batch = (np.round(rng.normal(size=shape).clip(-5, 5) * 4) / 4 + 0.0).astype(np.float32)
    session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
    logits = session.run(["logits"], {"windows": batch})[0]
    return {
        "what": "Made-up windows, row by row, oldest candle first, with the logits of onnxruntime on a CPU",
        "tolerance": PARITY,
        "windows": [
            {
                "input": [round(float(x), 2) for x in window.flatten()],
                "logits": [float(f"{x:.9g}") for x in row],
            }
            for window, row in zip(batch, logits)
        ],
    }


def manifest(model: TrainedModel, dataset: Dataset, digest: str) -> dict:
    """What model.json says; the verdict is written by the evaluation."""
    features = dataset.meta["features"]
    return {
        "format": "smc-fleet-model",
        "v": 1,
        "name": model.name,
        "title": model.title,
        "kind": model.kind,
        "featuresVersion": features["version"],
        "features": features["names"],
        "windowCandles": model.candles,
        "timeframes": [model.timeframe],
        "detector": features["detectorChanges"],
        "horizonCandles": dataset.meta["labels"]["limitCandles"],
        "normalization": {
            "rows": model.normalization.rows,
            "mean": model.normalization.mean.tolist(),
            "deviation": model.normalization.deviation.tolist(),
        },
        "input": {"name": "windows"},
        "output": {"name": "logits", "meaning": "logits"},
        "temperature": float(f"{model.temperature:.6g}"),
        "onnxSha256": digest,
        "licence": dataset.meta["licence"],
        "beatsBaselines": None,
        "verdict": "Not measured yet: deno task ml evaluate --write-card measures it.",
    }


def versions() -> dict:
    """Programs that the files were made by."""
    return {
        "python": platform.python_version(),
        "torch": torch.__version__.split("+")[0],
        "numpy": np.__version__,
        "onnx": onnx.__version__,
        "onnxruntime": onnxruntime.__version__,
    }


def write_json(path: Path, value: object) -> None:
    """Lists of numbers stay on one line, so that the files are short."""
    path.write_text(to_text(value, 0) + "\n")


def to_text(value: object, depth: int) -> str:
    indent = "  " * (depth + 1)
    if isinstance(value, dict) and value:
        parts = [
            f"{indent}{json.dumps(key)}: {to_text(each, depth + 1)}" for key, each in value.items()
        ]
        return "{\n" + ",\n".join(parts) + "\n" + "  " * depth + "}"
    if isinstance(value, list) and value and isinstance(value[0], (dict, list)):
        parts = [indent + to_text(each, depth + 1) for each in value]
        return "[\n" + ",\n".join(parts) + "\n" + "  " * depth + "]"
    return json.dumps(value, ensure_ascii=False)
