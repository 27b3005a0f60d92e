/** The keepers of the audit trail in a running server: checkpoints, mirrors, the check in the background. */
import type { Clock } from "../../actors/mod.ts";
import type {
  AuditCheck,
  AuditFault,
  AuditFilter,
  StreamCheck,
} from "../contracts/audit_trail.ts";
import type { AuditTrail } from "../api/context.ts";
import type { Env } from "../core/env.ts";
import { BackgroundCheck } from "../store/audit/background_check.ts";
import {
  AUDIT_KEY_NAME,
  createAuditKey,
  createSigner,
} from "../store/audit/checkpoint.ts";
import { CheckpointKeeper } from "../store/audit/checkpoint_keeper.ts";
import { exportLines } from "../store/audit/export_lines.ts";
import { createMirrorFile } from "../store/audit/mirror_file.ts";
import type { OpenedStore } from "../store/open_store.ts";
import type { Console } from "./console.ts";
import { hasFolder } from "./data_paths.ts";

/** Folder of the checkpoints beside the store. */
export const AUDIT_FOLDER = "audit";

/** A trail that is kept. */
export interface RunningAuditTrail extends AuditTrail {
  /** Signs the last entries and ends. */
  close(): Promise<void>;
}

/** Loads the signing key, which the first start creates, and begins to keep the trail. */
export async function openAuditTrail(
  { env, console }: {
    env: Pick<Env, "DATA_DIR" | "AUDIT_MIRROR_DIR">;
    console: Console;
  },
  { store, clock }: { store: OpenedStore; clock: Clock },
): Promise<RunningAuditTrail> {
  const { auditReader: reader } = store;
  const secret = await store.secret(
    AUDIT_KEY_NAME,
    () => Promise.resolve(createAuditKey()),
  );
  const signer = createSigner(secret);
  const folders = [
    ...hasFolder(env) ? [`${env.DATA_DIR}/${AUDIT_FOLDER}`] : [],
    ...env.AUDIT_MIRROR_DIR === "" ? [] : [env.AUDIT_MIRROR_DIR],
  ];
  const keeper = new CheckpointKeeper({
    reader,
    time: clock,
    signer,
    mirrors: folders.map(createMirrorFile),
  });
  const check = new BackgroundCheck({
    reader,
    time: clock,
    key: signer.key,
    onFault: (fault) => tellBroken(fault, { store, clock, console }),
  });
  keeper.start();
  check.start();
  return {
    query: store.auditQuery,
    export: (filter) => exportSigned(keeper, { reader, filter }),
    check: () =>
      toCheck(check, { keeper, key: signer.key, now: clock.nowMs() }),
    async close() {
      await check.close();
      await keeper.close();
    },
  };
}

async function* exportSigned(
  keeper: CheckpointKeeper,
  { reader, filter }: {
    reader: OpenedStore["auditReader"];
    filter: AuditFilter;
  },
): AsyncGenerator<string> {
  await keeper.signNow();
  yield* exportLines(reader, filter);
}

/** A broken trail is told to people; trading does not depend on it. */
function tellBroken(
  fault: AuditFault,
  { store, clock, console }: {
    store: OpenedStore;
    clock: Clock;
    console: Console;
  },
): void {
  const message = `The audit trail is broken: ${fault.detail}`;
  console.error(message, fault);
  const at = clock.nowMs();
  const data = {
    kind: "host",
    severity: "error",
    agentId: null,
    agentName: null,
    message,
  } as const;
  const event = { type: "system.event", agentId: null, at, data } as const;
  store.events.append({ events: [event] })
    .catch((error) => console.error("Cannot store that event", error));
}

function toCheck(
  check: BackgroundCheck,
  { keeper, key, now }: { keeper: CheckpointKeeper; key: string; now: number },
): AuditCheck {
  const streams = check.streams().map((stream): StreamCheck => {
    const last = keeper.last(stream.stream);
    const checkpoint = last === null ? null : { n: last.n, at: last.at };
    return { ...stream, checkpoint };
  });
  const fault = streams.find((stream) => stream.fault !== null)?.fault ?? null;
  return {
    ok: fault === null,
    detail: fault === null
      ? wholeText(streams, now)
      : `The chain is broken: ${fault.detail}`,
    streams,
    key,
    checkpointTrouble: keeper.trouble,
  };
}

function wholeText(streams: readonly StreamCheck[], now: number): string {
  const parts = streams.map(({ stream, wholeTo }) => `${wholeTo} of ${stream}`);
  const times = streams.map(({ checkedAt }) => checkedAt);
  const oldest = times.includes(null)
    ? null
    : Math.min(...times.map((at) => at!));
  return oldest === null
    ? "The chain has not been checked yet"
    : `The chain is whole up to entry ${parts.join(" and ")}, checked ${
      Math.max(0, Math.round((now - oldest) / 1_000))
    } s ago`;
}
