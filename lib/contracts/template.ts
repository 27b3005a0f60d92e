import * as z from "zod";
import type { DecimalText } from "../core/decimal.ts";
import {
  AGENT_TYPES,
  type AgentConfig,
  agentConfigSchema,
  type AgentType,
} from "./agent_config.ts";
import type { BundleOrigin } from "./bundle.ts";
import { type Timeframe, TIMEFRAMES } from "./candle.ts";
import type { Owner } from "./owner.ts";
import type { EpochMs } from "./primitives.ts";

/** What a template came to in a backtest, costs included. Unknown is null. */
export interface TemplateResult {
  /** What the candles are, in words. */
  source: string;
  /** Whether the candles are made up; the fills always are. */
  simulatedCandles: boolean;
  symbol: string;
  timeframe: Timeframe;
  candles: number;
  firstAt: EpochMs;
  lastAt: EpochMs;
  trades: number;
  netPnl: DecimalText | null;
  returnPct: number | null;
  maxDrawdownPct: number;
  sharpe: number | null;
  profitFactor: number | null;
  winRatePct: number | null;
  feesPaid: DecimalText;
  /** What holding the market over the same candles came to, without costs. */
  buyAndHoldPct: number;
  /** Hash over all closed trades; the same run gives the same. */
  tradesHash: string;
}

/** A ready-made configuration with what there is to know of it before it is used. */
export interface AgentTemplate {
  /** Short name for scripts, unique. */
  name: string;
  title: string;
  /** Raised with each change of its configuration. */
  version: number;
  /** Part of the product, or brought in by a user. */
  origin: "built_in" | "imported";
  /** Who has brought it in; left out where that is nobody, or was not kept. */
  owner?: Owner;
  type: AgentType;
  /** The signed bundle that it came with; left out for all others. */
  bundle?: BundleOrigin;
  /** What it does. */
  purpose: string;
  /** In which market it may work. */
  whenItWorks: string;
  /** What can go wrong with it. */
  risk: string;
  patterns: readonly string[];
  riskLevel: string;
  typicalLatency: string;
  /** Complete but for the agent's name. */
  config: Omit<AgentConfig, "name">;
  /** Its own backtests; of an imported one, what its file says. */
  results: readonly TemplateResult[];
}

/** Template names: safe in a shell and in a path. */
export const templateNameSchema = z.string().regex(
  /^[a-z][a-z0-9-]{1,39}$/,
  "Name the template with 2 to 40 lower-case letters, digits or dashes, starting with a letter",
);

const sentence = (most: number) =>
  z.string().trim().min(1, "Write at least a word").max(
    most,
    `Write at most ${most} characters`,
  );

const decimalResult = z.string().regex(/^-?\d{1,20}(\.\d{1,20})?$/);
const ratio = z.number().nullable();

const templateResultSchema = z.strictObject({
  source: sentence(200),
  simulatedCandles: z.boolean(),
  symbol: sentence(30),
  timeframe: z.enum(TIMEFRAMES),
  candles: z.int().min(0),
  firstAt: z.int(),
  lastAt: z.int(),
  trades: z.int().min(0),
  netPnl: decimalResult.nullable(),
  returnPct: ratio,
  maxDrawdownPct: z.number(),
  sharpe: ratio,
  profitFactor: ratio,
  winRatePct: ratio,
  feesPaid: decimalResult,
  buyAndHoldPct: z.number(),
  tradesHash: z.string().regex(/^[0-9a-f]{64}$/),
});

/** What a template file says of a template; where it comes from is not for the file to say. */
export const sharedTemplateSchema = z.strictObject({
  name: templateNameSchema,
  title: sentence(80),
  version: z.int().min(1).max(1_000_000),
  type: z.enum(AGENT_TYPES),
  purpose: sentence(500),
  whenItWorks: sentence(500),
  risk: sentence(500),
  patterns: z.array(sentence(60)).max(20),
  riskLevel: sentence(30),
  typicalLatency: sentence(120),
  config: agentConfigSchema.omit({ name: true }),
  results: z.array(templateResultSchema).max(10),
});
export type SharedTemplate = z.infer<typeof sharedTemplateSchema>;

/** A template that a user has brought in, as it is stored. */
export interface ImportedTemplate {
  template: SharedTemplate;
  /** Absent in what older builds have stored. */
  owner?: Owner;
  /** Absent where it did not come with one. */
  bundle?: BundleOrigin;
}

/** Name of the file format. */
export const TEMPLATE_FORMAT = "smc-fleet-template";

/** Version of the file format. */
export const TEMPLATE_FORMAT_VERSION = 1;

/** A template as one file. */
export interface TemplateFile {
  format: typeof TEMPLATE_FORMAT;
  v: typeof TEMPLATE_FORMAT_VERSION;
  template: SharedTemplate;
  /** SHA-256 over the canonical text of `template`. */
  checksum: string;
}
