import { Counter, Gauge, type Registry } from "prom-client";

/** Labels of one value. */
export type Labels = Readonly<Record<string, string>>;

/** One value with its labels; an unknown one is left out, it is never zero. */
export type Sample = readonly [labels: Labels, value: number | null];

/** A family of values that are read from what they tell of. */
export interface GaugeSpec<Source> {
  name: string;
  help: string;
  labels?: readonly string[];
  read(source: Source): Iterable<Sample>;
}

/** Everything that is to be read before a text is written. */
export interface Family<Source> {
  fill(source: Source): void;
}

/** Whether a value only grows: its name says so. */
export function isCounter(name: string): boolean {
  return name.endsWith("_total");
}

/** Makes families of one source; each forgets what is gone. */
export function gauges<Source>(
  registry: Registry,
  specs: readonly GaugeSpec<Source>[],
): Family<Source> {
  const made = specs.map(({ name, help, labels = [], read }) => {
    const labelNames = [...labels];
    const settings = { name, help, labelNames, registers: [registry] };
    const gauge = isCounter(name) ? new Counter(settings) : new Gauge(settings);
    return { read, gauge };
  });
  return {
    fill(source) {
      for (const { gauge, read } of made) {
        gauge.reset();
        for (const [labels, value] of read(source)) {
          // After the reset, to add is to set.
          if (value !== null) gauge.inc(labels, value);
        }
      }
    },
  };
}
