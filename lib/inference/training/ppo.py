"""Proximal policy optimisation (Schulman et al. 2017) of a policy that is short, flat or long."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from torch import nn

from dataset import Dataset, Range, usable_rows, windows
from networks import Policy
from supervised import seeded

MARKETS = 64
STEPS = 128
UPDATES = 60
PASSES = 4
MINIBATCH = 2048
DISCOUNT = 0.99
TRACE = 0.95
CLIP = 0.2
LEARNING_RATE = 3e-4


class Markets:
    """Pieces of the training rows that are traded side by side. The policy sees windows, not its position."""

    def __init__(
        self,
        data: tuple[Dataset, np.ndarray],
        rows: Range,
        settings: dict,
        rng: np.random.Generator,
    ) -> None:
        dataset, self.normalised = data
        self.candles = settings["windowCandles"]
        self.cost = settings["costBp"] / 1e4
        self.penalty = settings["drawdownPenalty"]
        usable = usable_rows(rows, self.candles)
        self.first, self.last = int(usable[0]), int(usable[-1]) - STEPS - 1
        close = dataset.close
        self.returns = np.append(close[1:] / close[:-1] - 1, 0.0)
        self.scale = float(self.returns[usable[:-1]].std())
        self.rng = rng

    def reset(self) -> torch.Tensor:
        """Begins anew at random places, without a position."""
        self.at = self.rng.integers(self.first, self.last, MARKETS)
        self.position = np.zeros(MARKETS)
        self.gain = np.zeros(MARKETS)
        self.peak = np.zeros(MARKETS)
        return self.observe()

    def observe(self) -> torch.Tensor:
        return torch.from_numpy(windows(self.normalised, self.at, self.candles))

    def step(self, action: np.ndarray) -> np.ndarray:
        """Net profit of the next candle less the growth of the drawdown, in deviations of one return."""
        wanted = action - 1.0
        net = wanted * self.returns[self.at] - self.cost * np.abs(wanted - self.position)
        fall_before = self.peak - self.gain
        self.gain += net
        self.peak = np.maximum(self.peak, self.gain)
        deeper = np.maximum(0.0, self.peak - self.gain - fall_before)
        self.position = wanted
        self.at = self.at + 1
        return (net - self.penalty * deeper) / self.scale


@dataclass
class Rollout:
    """What was seen and done, steps x markets."""

    seen: torch.Tensor
    action: torch.Tensor
    log_chance: torch.Tensor
    advantage: torch.Tensor
    reward_to_go: torch.Tensor


@torch.no_grad()
def roll_out(policy: Policy, markets: Markets) -> Rollout:
    """Trades all markets for some steps and estimates advantages (Schulman et al. 2016)."""
    state = markets.reset()
    seen, actions, chances, values, rewards = [], [], [], [], []
    for _ in range(STEPS):
        choice = torch.distributions.Categorical(logits=policy(state))
        action = choice.sample()
        seen.append(state)
        actions.append(action)
        chances.append(choice.log_prob(action))
        values.append(policy.value(state))
        rewards.append(torch.from_numpy(markets.step(action.numpy())).float())
        state = markets.observe()
    values.append(policy.value(state))
    advantage, running = [], torch.zeros(MARKETS)
    for step in reversed(range(STEPS)):
        surprise = rewards[step] + DISCOUNT * values[step + 1] - values[step]
        running = surprise + DISCOUNT * TRACE * running
        advantage.insert(0, running)
    stacked = torch.stack(advantage)
    return Rollout(
        torch.cat(seen),
        torch.cat(actions),
        torch.cat(chances),
        stacked.flatten(),
        (stacked + torch.stack(values[:-1])).flatten(),
    )


def improve(
    policy: Policy, rollout: Rollout, optimizer: torch.optim.Optimizer, entropy: float
) -> None:
    """Some passes over a rollout with the clipped objective."""
    count = len(rollout.action)
    advantage = (rollout.advantage - rollout.advantage.mean()) / (rollout.advantage.std() + 1e-8)
    for _ in range(PASSES):
        for part in torch.randperm(count).split(MINIBATCH):
            choice = torch.distributions.Categorical(logits=policy(rollout.seen[part]))
            ratio = (choice.log_prob(rollout.action[part]) - rollout.log_chance[part]).exp()
            gain = torch.minimum(
                ratio * advantage[part], ratio.clamp(1 - CLIP, 1 + CLIP) * advantage[part]
            )
            error = (policy.value(rollout.seen[part]) - rollout.reward_to_go[part]).square()
            loss = -gain.mean() + 0.5 * error.mean() - entropy * choice.entropy().mean()
            optimizer.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(policy.parameters(), 0.5)
            optimizer.step()


def train_policy(
    policy: Policy, data: tuple[Dataset, np.ndarray], rows: Range, settings: dict, seed: int
) -> None:
    """Trains in place."""
    markets = Markets(data, rows, settings, seeded(seed))
    optimizer = torch.optim.Adam(policy.parameters(), lr=LEARNING_RATE, eps=1e-5)
    policy.train()
    for update in range(UPDATES):
        for group in optimizer.param_groups:
            group["lr"] = LEARNING_RATE * (1 - update / UPDATES)
        improve(policy, roll_out(policy, markets), optimizer, settings["entropy"])
    policy.eval()


def net_sharpe(logits: np.ndarray, dataset: Dataset, rows: np.ndarray, cost_bp: float) -> float:
    """Sharpe ratio of one candle, after costs, of the likeliest actions; 0 without deviation."""
    position = logits.argmax(axis=1) - 1.0
    change = np.abs(np.diff(position, prepend=0.0))[:-1]
    close = dataset.close[rows]
    net = position[:-1] * (close[1:] / close[:-1] - 1) - change * cost_bp / 1e4
    deviation = net.std(ddof=1)
    return float(net.mean() / deviation) if deviation > 0 else 0.0
