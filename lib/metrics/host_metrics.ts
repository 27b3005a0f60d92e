import { HOST_STATES } from "../contracts/host.ts";
import type { GaugeSpec } from "./gauges.ts";
import type { HostFigures } from "./port.ts";

const NONE = {};

/** What several hosts over one store tell; nothing where there is one process. */
export const HOST_GAUGES: readonly GaugeSpec<HostFigures | null>[] = [
  {
    name: "smc_hosts",
    help: "How many hosts are in each state",
    labels: ["state"],
    *read(figures) {
      if (figures === null) return;
      for (const state of HOST_STATES) {
        const count = figures.hosts.filter((host) => host.state === state);
        yield [{ state }, count.length];
      }
    },
  },
  {
    name: "smc_host_agents",
    help: "Agents of each host that is there",
    labels: ["host"],
    *read(figures) {
      for (const { id, state, agents } of figures?.hosts ?? []) {
        if (state !== "gone") yield [{ host: id }, agents];
      }
    },
  },
  {
    name: "smc_agents_without_host",
    help: "Agents that no host has, and why is known",
    read: (figures) => [[NONE, figures?.homeless ?? null]],
  },
  {
    name: "smc_host_takeovers_total",
    help: "Agents that this process took over from another host",
    read: (figures) => [[NONE, figures?.takeovers ?? null]],
  },
  {
    name: "smc_host_claims_refused_total",
    help: "Agents that another host was faster to take",
    read: (figures) => [[NONE, figures?.refusedClaims ?? null]],
  },
  {
    name: "smc_host_mail_seconds",
    help:
      "Time from a question to another host to its answer, in the last minutes",
    labels: ["quantile"],
    *read(figures) {
      if (figures === null) return;
      const seconds = (ms: number | null) => ms === null ? null : ms / 1_000;
      yield [{ quantile: "0.5" }, seconds(figures.mail.p50Ms)];
      yield [{ quantile: "0.99" }, seconds(figures.mail.p99Ms)];
    },
  },
];
