import {
  type GuardLossView,
  type GuardRuleView,
  isMixed,
  MIXED_LOSSES,
  type RiskResponse,
  type RiskView,
} from "../../contracts/guard.ts";
import type { Command } from "../command.ts";
import { agentViewCommand } from "./agent_view.ts";
import type { CliIo } from "../io.ts";
import {
  type Color,
  type Column,
  formatTime,
  writeFields,
  writeTable,
} from "../output.ts";

/** `risk`: what a risk manager knows and demands. */
export const riskCommand: Command = agentViewCommand({
  name: "risk",
  summary: "Show what a risk manager knows of the agents it guards",
  details: [
    "AGENT is an id or a unique name of a risk manager.",
    "Figures are estimates from the past; what is unknown is shown as —.",
  ],
  read: (client, id) => client.risk(id),
  write: writeRisk,
});

function writeRisk(io: CliIo, answer: RiskResponse): void {
  const { risk } = answer;
  writeFields(io, headFields(answer));
  if (risk === null) return;
  const table = <T>(
    title: string,
    rows: readonly T[],
    columns: readonly Column<T>[],
  ) => {
    if (rows.length === 0) return;
    io.stdout(`\n${title}\n`);
    writeTable(io, rows, columns);
  };
  table("Rules", risk.rules, RULE_COLUMNS);
  const hasBoth = isMixed(answer.guarded);
  if (hasBoth) io.stdout(`\n${MIXED_LOSSES}\n`);
  else {
    table("Losses", risk.losses, LOSS_COLUMNS);
    table("Exposure", risk.exposure?.markets ?? [], MARKET_COLUMNS);
  }
  table("Liquidations, nearest first", risk.ladder?.rows ?? [], LADDER_COLUMNS);
  if (!hasBoth) table("Stress", risk.stress, STRESS_COLUMNS);
  for (const sentence of risk.unknown) io.stdout(`\nUnknown: ${sentence}\n`);
}

function headFields({ risk, toldAt, guarded }: RiskResponse) {
  const names = guarded.map(({ name }) => name).join(", ");
  return [
    ["guards", names === "" ? "nobody" : names],
    ["as of (UTC)", toldAt === null ? null : formatTime(toldAt)],
    ["trading", risk?.state],
    ["because", risk?.reason],
    ["a person must release", risk?.latched.join(", ")],
    ...(isMixed(guarded) ? [] : sumFields(risk)),
  ] as const;
}

/** Figures over all accounts together. */
function sumFields(risk: RiskView | null) {
  return [
    ["equity", risk?.equity],
    ["drawdown %", fixed(risk?.drawdownPct)],
    ["loss of the day", risk?.dailyLoss],
    ["gross exposure %", fixed(risk?.exposure?.grossPct)],
    ["net exposure %", fixed(risk?.exposure?.netPct)],
    ["with working entries %", fixed(risk?.exposure?.committedPct)],
    ["largest market", largestOf(risk)],
    ["correlation", fixed(risk?.correlation?.weightedAverage)],
    [
      "returns",
      risk === null ? null : `${risk.observations} of ${risk.window}`,
    ],
  ] as const;
}

function largestOf(risk: RiskView | null): string | null {
  const concentration = risk?.concentration ?? null;
  if (concentration === null || concentration.largest === null) return null;
  return `${concentration.largest}, ${
    fixed(concentration.largestSharePct) ?? "—"
  } % of all`;
}

const LEVEL_COLORS: Readonly<Record<GuardRuleView["level"], Color | null>> = {
  quiet: "green",
  warming_up: "dim",
  warning: "yellow",
  acting: "red",
};

const RULE_COLUMNS: readonly Column<GuardRuleView>[] = [
  { title: "RULE", value: ({ label }) => label },
  {
    title: "STATE",
    value: ({ level, isLatched }) =>
      `${level.replace("_", " ")}${isLatched ? ", latched" : ""}`,
    color: ({ level }) => LEVEL_COLORS[level],
  },
  { title: "VALUE", value: ({ value }) => fixed(value), isNumber: true },
  { title: "WARNING", value: ({ warning }) => warning, isNumber: true },
  { title: "LIMIT", value: ({ limit }) => limit, isNumber: true },
  { title: "RELEASE", value: ({ release }) => release, isNumber: true },
  { title: "ACTION", value: ({ action }) => action },
  {
    title: "SINCE (UTC)",
    value: ({ since }) => since === null ? null : formatTime(since),
  },
];

const LOSS_COLUMNS: readonly Column<GuardLossView>[] = [
  { title: "METHOD", value: ({ method }) => method },
  { title: "LEVEL %", value: ({ levelPct }) => levelPct, isNumber: true },
  {
    title: "VALUE AT RISK %",
    value: ({ valueAtRiskPct }) => fixed(valueAtRiskPct),
    isNumber: true,
  },
  {
    title: "SHORTFALL %",
    value: ({ expectedShortfallPct }) => fixed(expectedShortfallPct),
    isNumber: true,
  },
  { title: "KUPIEC", value: verdictOf },
  { title: "NOTE", value: ({ reason }) => reason },
];

function verdictOf({ backtest }: GuardLossView): string | null {
  if (backtest === null) return null;
  const { exceeded, expected, periods, isRejected, zone } = backtest;
  const verdict = !isRejected
    ? "kept"
    : exceeded < expected
    ? "too cautious"
    : "too low";
  return `${verdict}, ${exceeded} of ${periods} exceeded, ${zone}`;
}

type Exposure = NonNullable<RiskView["exposure"]>["markets"][number];

const MARKET_COLUMNS: readonly Column<Exposure>[] = [
  { title: "MARKET", value: ({ symbol }) => symbol },
  { title: "LONG", value: ({ long }) => long, isNumber: true },
  { title: "SHORT", value: ({ short }) => short, isNumber: true },
  { title: "NET", value: ({ net }) => net, isNumber: true },
];

type Rung = NonNullable<RiskView["ladder"]>["rows"][number];

const LADDER_COLUMNS: readonly Column<Rung>[] = [
  { title: "MARKET", value: ({ symbol }) => symbol },
  { title: "SIDE", value: ({ direction }) => direction },
  { title: "MARK", value: ({ markPrice }) => markPrice, isNumber: true },
  {
    title: "LIQUIDATION",
    value: ({ liquidationPrice }) => liquidationPrice,
    isNumber: true,
  },
  {
    title: "AWAY %",
    value: ({ distancePct }) => fixed(distancePct),
    isNumber: true,
  },
];

const STRESS_COLUMNS: readonly Column<RiskView["stress"][number]>[] = [
  { title: "SCENARIO", value: ({ name }) => name },
  { title: "P&L", value: ({ pnl }) => pnl, isNumber: true },
  {
    title: "% OF EQUITY",
    value: ({ pnlPct }) => fixed(pnlPct),
    isNumber: true,
  },
  {
    title: "LIQUIDATED",
    value: ({ liquidated }) => liquidated,
    isNumber: true,
  },
];

function fixed(value: number | null | undefined): string | null {
  return value === null || value === undefined ? null : value.toFixed(2);
}
