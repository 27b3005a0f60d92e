/**
 * Variables of OpenTelemetry that Deno itself reads when a process starts. They
 * are passed on to the server where they are set, and are off by default.
 *
 * @module
 */

/** Each with what it means to us. */
export const TELEMETRY_VARIABLES = {
  OTEL_DENO: "true sends traces, log lines and figures to a collector",
  OTEL_EXPORTER_OTLP_ENDPOINT:
    "Address of the collector, for instance http://127.0.0.1:4318",
  OTEL_EXPORTER_OTLP_PROTOCOL: "http/protobuf (the default) or http/json",
  OTEL_EXPORTER_OTLP_HEADERS:
    "What the collector wants to see in headers, name=value with commas between",
  OTEL_SERVICE_NAME: "Name of the server at the collector; smc-fleet if empty",
  OTEL_TRACES_SAMPLER: "Which traces are kept, for instance traceidratio",
  OTEL_TRACES_SAMPLER_ARG: "Which part of them, for instance 0.1",
} as const;

/** What the server is called at a collector where nothing else is said. */
export const SERVICE_NAME = "smc-fleet";

/**
 * What a server gets of them: those that are set, and its name.
 *
 * @param get Looks up one variable, for instance `Deno.env.get`.
 */
export function telemetryOf(
  get: (name: string) => string | undefined,
): Readonly<Record<string, string>> {
  if (get("OTEL_DENO") !== "true") return {};
  const found: Record<string, string> = { OTEL_SERVICE_NAME: SERVICE_NAME };
  for (const name of Object.keys(TELEMETRY_VARIABLES)) {
    const value = get(name)?.trim();
    if (value !== undefined && value !== "") found[name] = value;
  }
  return found;
}
