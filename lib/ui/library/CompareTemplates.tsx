import type { TemplateComparison } from "../../contracts/bundle.ts";
import type { AgentTemplate } from "../../contracts/template.ts";
import { Card } from "../Card.tsx";
import {
  formatCount,
  formatDecimal,
  formatPercent,
  UNKNOWN,
} from "../format.ts";
import { TableHead } from "../TableHead.tsx";
import { dataText, settingText, settingValue } from "./library_words.ts";

/** The figures of one backtest, wherever it is told of. */
interface Figures {
  /** What it was run over. */
  data: string;
  trades: number;
  returnPct: number | null;
  maxDrawdownPct: number;
  sharpe: number | null;
  profitFactor: number | null;
  winRatePct: number | null;
}

/** Templates side by side: figures, then the settings that differ. */
export function CompareTemplates(
  { comparison: { templates, settings } }: { comparison: TemplateComparison },
) {
  const heads = templates.map(({ title }) => title);
  return (
    <div class="risk-page">
      <Card title="Figures">
        <p class="library-note">
          Of each template the first backtest that is told of. Figures over
          different candles say little about each other, and nothing about what
          comes.
        </p>
        <SideBySide
          caption="Figures"
          head="Figure"
          heads={heads}
          rows={figureRows(templates.map(figuresOf))}
        />
      </Card>
      <Card title={`Settings that differ: ${settings.length}`}>
        {settings.length === 0
          ? <p class="library-note">No setting differs.</p>
          : (
            <SideBySide
              caption="Settings that differ"
              head="Setting"
              heads={heads}
              rows={settings.map(({ pointer, values }) => [
                settingText(pointer),
                ...values.map(settingValue),
              ])}
            />
          )}
      </Card>
    </div>
  );
}

function SideBySide(
  { caption, head, heads, rows }: {
    caption: string;
    /** Of the first column. */
    head: string;
    heads: readonly string[];
    rows: readonly (readonly string[])[];
  },
) {
  return (
    <div
      class="table-scroll"
      tabIndex={0}
      role="region"
      aria-label={`${caption}, scrollable`}
    >
      <table class="table" data-testid={`compare-${caption.toLowerCase()}`}>
        <caption class="sr-only">{caption}</caption>
        <TableHead heads={[head, ...heads]} />
        <tbody>
          {rows.map(([name, ...values]) => (
            <tr key={name}>
              <th scope="row">{name}</th>
              {values.map((value, place) => (
                <td key={place} class="cell-wrap">{value}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function figuresOf({ bundle, results }: AgentTemplate): Figures | null {
  const [evidence] = bundle?.evidence ?? [];
  if (evidence !== undefined) {
    return { ...evidence.figures, data: dataText(evidence) };
  }
  const [result] = results;
  if (result === undefined) return null;
  const { symbol, timeframe, source } = result;
  return { ...result, data: `${symbol} ${timeframe}, ${source}` };
}

function figureRows(all: readonly (Figures | null)[]): string[][] {
  const row = (name: string, value: (figures: Figures) => string) => [
    name,
    ...all.map((figures) => figures === null ? UNKNOWN : value(figures)),
  ];
  return [
    row("Data", ({ data }) => data),
    row("Trades", ({ trades }) => formatCount(trades)),
    row(
      "Return",
      ({ returnPct }) => formatPercent(returnPct, { signed: true }),
    ),
    row(
      "Max drawdown",
      ({ maxDrawdownPct }) => formatPercent(-maxDrawdownPct + 0),
    ),
    row("Sharpe", ({ sharpe }) => formatDecimal(sharpe)),
    row("Profit factor", ({ profitFactor }) => formatDecimal(profitFactor)),
    row("Win rate", ({ winRatePct }) => formatPercent(winRatePct)),
  ];
}
