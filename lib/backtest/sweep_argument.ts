/** Values of one sweep; more are refused. As many as a request over HTTP may name. */
const VALUES_MAX = 200;

type Parsed = {
  ok: true;
  path: string;
  values: readonly (number | string | boolean)[];
} | { ok: false; problem: string };

/**
 * Reads `path=a,b,c` or `path=from..to/step`, both ends included. Numbers and
 * true or false become what they are, everything else stays a text.
 */
export function parseSweep(text: string): Parsed {
  const equals = text.indexOf("=");
  const path = text.slice(0, Math.max(0, equals)).trim();
  const list = text.slice(equals + 1).trim();
  if (path === "" || equals < 0 || list === "") {
    return refuse(
      text,
      "names no values; write KEY=a,b,c or KEY=from..to/step",
    );
  }
  const range = /^(-?[\d.]+)\.\.(-?[\d.]+)\/([\d.]+)$/.exec(list);
  const values = range === null
    ? list.split(",").map((value) => toValue(value.trim()))
    : stepsOf(Number(range[1]), Number(range[2]), Number(range[3]));
  if (values === null || values.includes("")) {
    return refuse(
      text,
      "has a range that leads nowhere; write from..to/step with a step above 0 and the smaller number first",
    );
  }
  if (values.length > VALUES_MAX) {
    return refuse(
      text,
      `has ${values.length} values, the limit is ${VALUES_MAX}; choose a larger step`,
    );
  }
  return { ok: true, path, values: [...new Set(values)] };
}

function refuse(text: string, problem: string): Parsed {
  return { ok: false, problem: `--sweep ${JSON.stringify(text)} ${problem}` };
}

/** Steps are counted and rounded, so that 0.1..0.3/0.1 has three of them and ends at 0.3. */
function stepsOf(from: number, to: number, step: number): number[] | null {
  if (!(step > 0) || !(to >= from)) return null;
  const count = Math.floor((to - from) / step + 1e-9) + 1;
  return Array.from(
    { length: Math.min(count, VALUES_MAX + 1) },
    (_, index) => Number((from + index * step).toFixed(10)),
  );
}

function toValue(text: string): number | string | boolean {
  if (text === "true" || text === "false") return text === "true";
  return /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : text;
}
