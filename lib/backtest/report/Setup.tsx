import type {
  BacktestReport,
  ReportData,
} from "../../contracts/backtest_report.ts";
import {
  formatCount,
  formatDuration,
  formatUtcDateTime,
  plural,
} from "../../ui/format.ts";
import { Foreign, Known } from "./Values.tsx";

/** Settings of one part of the configuration. */
export interface SettingGroup {
  title: string;
  /** Dotted path in the configuration, and the value as text. */
  rows: readonly (readonly [path: string, value: string])[];
}

/** What a backtest takes from elsewhere. */
const UNUSED: readonly string[] = ["feed", "mode"];

/** The configuration in groups of its top level; plain values are "agent". */
export function settingGroups(config: object): readonly SettingGroup[] {
  const plain: (readonly [string, string])[] = [];
  const groups: SettingGroup[] = [];
  for (const [key, value] of Object.entries(config)) {
    if (UNUSED.includes(key)) continue;
    const rows = flatten(value, key);
    const isPlain = rows.length === 1 && rows[0]![0] === key;
    if (isPlain) plain.push(rows[0]!);
    else if (rows.length > 0) groups.push({ title: key, rows });
  }
  return [{ title: "agent", rows: plain }, ...groups];
}

function flatten(value: unknown, path: string): [string, string][] {
  if (value === null || typeof value !== "object") {
    return [[path, String(value ?? "—")]];
  }
  if (Array.isArray(value) && value.every((item) => typeof item !== "object")) {
    return [[path, value.join(", ")]];
  }
  return Object.entries(value).flatMap(([key, item]) =>
    flatten(item, `${path}.${key}`)
  );
}

/** The configuration as it was run, one table for each part. */
export function ConfigTables({ config }: { config: object }) {
  return (
    <div class="cards config">
      {settingGroups(config).map((
        { title, rows },
      ) => (
        <table key={title} class="figures">
          <caption>
            <Foreign text={title} />
          </caption>
          <tbody>
            {rows.map(([path, value]) => (
              <tr key={path}>
                <th scope="row" class="path">
                  <Foreign text={path} />
                </th>
                <td>
                  <Foreign text={value} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      ))}
    </div>
  );
}

function gapsOf({ gaps, longestGapMs }: ReportData): string {
  return gaps === 0
    ? "none"
    : `${formatCount(gaps)}, longest ${formatDuration(longestGapMs)}`;
}

/** Candles, hashes and speed: what is needed to get the same run again. */
export function OriginTable({ report }: { report: BacktestReport }) {
  const { data, summary } = report;
  const when = (at: number | null) => (
    <Known text={formatUtcDateTime(at)} reason="there are no candles" />
  );
  return (
    <table class="figures origin">
      <caption>What makes this run the same again</caption>
      <tbody>
        <tr>
          <th scope="row">Candles</th>
          <td>
            <Foreign text={data.source} />, {plural(data.candles, "candle")} of
            {" "}
            {data.timeframe}
          </td>
        </tr>
        <tr>
          <th scope="row">Source of candles</th>
          <td>
            {data.simulatedCandles ? "simulated market" : "recorded market"}
          </td>
        </tr>
        <tr>
          <th scope="row">First candle (UTC)</th>
          <td>{when(data.firstAt)}</td>
        </tr>
        <tr>
          <th scope="row">Last candle (UTC)</th>
          <td>{when(data.lastAt)}</td>
        </tr>
        <tr>
          <th scope="row">Gaps</th>
          <td>{gapsOf(data)}</td>
        </tr>
        <tr>
          <th scope="row">Fills</th>
          <td>simulated, costs included</td>
        </tr>
        <tr>
          <th scope="row">Trading at the end</th>
          <td>
            <Foreign text={report.endState ?? "active"} />
          </td>
        </tr>
        <tr>
          <th scope="row">Seed</th>
          <td>{report.config.seed}</td>
        </tr>
        <tr>
          <th scope="row">Run hash</th>
          <td class="hash">
            <Foreign text={report.runHash} />
          </td>
        </tr>
        <tr>
          <th scope="row">Trades hash</th>
          <td class="hash">
            <Foreign text={summary.tradesHash} />
          </td>
        </tr>
        <tr>
          <th scope="row">Candles hash</th>
          <td class="hash">
            <Foreign text={data.candlesHash} />
          </td>
        </tr>
      </tbody>
    </table>
  );
}
