/**
 * Looks at every part of the platform once a second, so that it can be told
 * since when something is as it is. A request reads what was found last: it
 * asks no worker and no disk.
 *
 * @module
 */
import type { Clock } from "../../actors/mod.ts";
import type { AuditTrail } from "../api/context.ts";
import {
  type FoundComponent,
  type HealthReport,
  stateOfAll,
} from "../contracts/health.ts";
import { PRODUCT_VERSION } from "../core/version.ts";
import type { LiveHub } from "../live/port.ts";
import type { OpenedStore } from "../store/open_store.ts";
import {
  DISK_LOOK_EVERY_MS,
  DISK_LOW_BYTES,
  DISK_OUT_BYTES,
  HEALTH_LOOK_EVERY_MS,
  STREAM_QUEUE_HIGH_BYTES,
} from "./limits.ts";

/** What the watch looks at. */
export interface HealthSources {
  clock: Clock;
  fleet: { components(): readonly FoundComponent[] };
  store: Pick<OpenedStore, "health">;
  hub: Pick<LiveHub, "stats">;
  auditTrail: Pick<AuditTrail, "check">;
  state: { isDraining: boolean };
  /** Bytes that the disk of the data folder has left; null where the system does not tell. */
  freeBytes(): Promise<number | null>;
}

/** The watch. */
export interface HealthWatch {
  report(): HealthReport;
  close(): void;
}

/** Starts to look. */
export function watchHealth(sources: HealthSources): HealthWatch {
  const { clock } = sources;
  let freeBytes: number | null = null;
  const since = createSince(() => clock.nowMs());
  const found = () => partsOf(sources, freeBytes);
  const look = () => since.look(found());
  const lookAtDisk = async () => {
    freeBytes = await sources.freeBytes().catch(() => null);
  };
  void lookAtDisk();
  look();
  const timers = [
    clock.every(HEALTH_LOOK_EVERY_MS, look),
    clock.every(DISK_LOOK_EVERY_MS, () => void lookAtDisk()),
  ];
  return {
    report() {
      const components = found();
      since.look(components);
      return {
        state: stateOfAll(components),
        version: PRODUCT_VERSION,
        at: new Date(clock.nowMs()).toISOString(),
        components: components.map(({ name, state, cause, sinceMs }) => ({
          name,
          state,
          cause,
          since: toIso(sinceMs ?? since.of(name)),
        })),
      };
    },
    close() {
      for (const timer of timers) timer.cancel();
    },
  };
}

function partsOf(
  { fleet, store, hub, auditTrail, state }: HealthSources,
  freeBytes: number | null,
): readonly FoundComponent[] {
  const health = store.health();
  return [
    {
      name: "store",
      state: health.ok ? "ok" : health.failingSince === null
        // It answers, and cannot keep up.
        ? "degraded"
        : "down",
      cause: health.detail,
      ...(health.failingSince === null ? {} : { sinceMs: health.failingSince }),
      isEssential: true,
    },
    diskPart(freeBytes),
    ...fleet.components(),
    streamPart(hub.stats()),
    auditPart(auditTrail),
    {
      name: "drain",
      state: state.isDraining ? "down" : "ok",
      cause: state.isDraining
        ? "The server is shutting down"
        : "The server takes requests",
      isEssential: true,
    },
  ];
}

function diskPart(freeBytes: number | null): FoundComponent {
  const name = "disk";
  if (freeBytes === null) {
    return {
      name,
      state: "ok",
      cause: "The system does not tell what the disk has left",
    };
  }
  const gib = (freeBytes / 1024 ** 3).toFixed(1);
  const cause = `${gib} GiB are left on the disk of the data folder`;
  return {
    name,
    state: freeBytes < DISK_OUT_BYTES
      ? "down"
      : freeBytes < DISK_LOW_BYTES
      ? "degraded"
      : "ok",
    cause,
  };
}

function streamPart(
  { clients, queuedBytes, dropped }: ReturnType<LiveHub["stats"]>,
): FoundComponent {
  return {
    name: "streams",
    state: queuedBytes > STREAM_QUEUE_HIGH_BYTES ? "degraded" : "ok",
    cause:
      `${clients} clients listen, ${queuedBytes} bytes wait for slow ones, ${dropped} were closed because they did not read`,
  };
}

function auditPart(auditTrail: HealthSources["auditTrail"]): FoundComponent {
  const { ok, checkpointTrouble } = auditTrail.check();
  return {
    name: "audit",
    state: ok && checkpointTrouble === null ? "ok" : "degraded",
    cause: !ok
      ? "The audit trail is broken: an admin reads what is wrong at /audit"
      : checkpointTrouble ?? "The audit trail is whole",
  };
}

/** Remembers when each part came to its state. */
function createSince(now: () => number): {
  look(parts: readonly FoundComponent[]): void;
  of(name: string): number | null;
} {
  const known = new Map<string, { state: string; sinceMs: number }>();
  return {
    look(parts) {
      for (const { name, state } of parts) {
        if (known.get(name)?.state !== state) {
          known.set(name, { state, sinceMs: now() });
        }
      }
      const names = new Set(parts.map(({ name }) => name));
      for (const name of known.keys()) if (!names.has(name)) known.delete(name);
    },
    of: (name) => known.get(name)?.sinceMs ?? null,
  };
}

function toIso(ms: number | null): string | null {
  return ms === null ? null : new Date(ms).toISOString();
}
