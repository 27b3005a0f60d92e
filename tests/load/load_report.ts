/** The table of the load task, on the screen and in the docs. */
import { largestWithin, type StepFigures } from "./measured.ts";

const WORDS: Readonly<
  Record<StepFigures["what"], { name: string; unit: string }>
> = {
  signal: { name: "signal to an agent handled", unit: "agents" },
  stream: { name: "event to a client", unit: "clients" },
  read: { name: "API read", unit: "requests/s" },
  write: { name: "API write", unit: "requests/s" },
};

/** What else has to be known to read the figures. */
export interface LoadFacts {
  date: string;
  processors: number;
  seconds: number;
  /** Share of the processors that the machine gave to others meanwhile. */
  stolenPct: number | null;
}

/** Everything as Markdown: the largest step of each kind, then every step. */
export function toMarkdown(
  steps: readonly StepFigures[],
  facts: LoadFacts,
): string {
  return [
    ...summaryOf(steps),
    "",
    ...tableOf(steps),
    "",
    `Measured on ${facts.date} with ${facts.processors} processors for server and clients together, ${facts.seconds} s a step${
      facts.stolenPct === null
        ? ""
        : `, ${facts.stolenPct} % of them given to others by the machine`
    }.`,
  ].join("\n");
}

function summaryOf(steps: readonly StepFigures[]): string[] {
  const kinds = [...new Set(steps.map(({ what }) => what))];
  return kinds.map((what) => {
    const { name, unit } = WORDS[what];
    const limitMs = steps.find((step) => step.what === what)!.limitMs;
    const largest = largestWithin(steps, what);
    const found = largest === null
      ? "no step"
      : `**${largest.toLocaleString("en")} ${unit}**`;
    return `- ${name}: ${found} within ${limitMs} ms at the 99th percentile`;
  });
}

function tableOf(steps: readonly StepFigures[]): string[] {
  const rows = steps.map((step) => [
    WORDS[step.what].name,
    `${step.step.toLocaleString("en")} ${WORDS[step.what].unit}`,
    figure(step.p50Ms, 1),
    figure(step.p99Ms, 1),
    `${step.limitMs}`,
    `${Math.round(step.doneShare * 100)} %`,
    figure(step.cores, 2),
    figure(step.rssMiB, 0),
    step.isWithin ? "yes" : "no",
  ]);
  const head = [
    "what",
    "step",
    "p50 ms",
    "p99 ms",
    "limit ms",
    "done",
    "processors",
    "RSS MiB",
    "within",
  ];
  return [head, head.map(() => "---"), ...rows].map((row) =>
    `| ${row.join(" | ")} |`
  );
}

/** What is not known is never shown as zero. */
function figure(value: number | null, digits: number): string {
  return value === null ? "—" : value.toFixed(digits);
}

const BEGIN = "<!-- measured:load -->";
const END = "<!-- /measured -->";

/**
 * Puts a text between the marks of a page.
 *
 * @throws {Error} If the page has no marks.
 */
export function withMeasured(page: string, text: string): string {
  const begin = page.indexOf(BEGIN);
  const end = page.indexOf(END, begin);
  if (begin < 0 || end < 0) {
    throw new Error(`The page has no ${BEGIN} … ${END}`);
  }
  return `${page.slice(0, begin + BEGIN.length)}\n\n${text}\n\n${
    page.slice(end)
  }`;
}
