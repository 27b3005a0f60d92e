import type { StoredAlertChannel } from "../contracts/alerts/channel.ts";
import type {
  SealedSecret,
  StoredExchangeKey,
} from "../contracts/exchange_key.ts";
import {
  bindings,
  fromSealedText,
  type SealedRecord,
  toSealedText,
} from "../contracts/sealed_record.ts";
import type { StoredFactor } from "../contracts/second_factor.ts";
import type { AuditLog } from "./audit.ts";
import type { Commit, GuardedKv } from "./kv/guarded_kv.ts";
import { keys } from "./keys.ts";
import { listAll } from "./kv/list_all.ts";
import { SEALED_PER_REMOVAL } from "./limits.ts";
import type { AuditEntry, SealedRecords } from "./port.ts";
import { PLAIN_VALUES } from "./secrets.ts";

/** Everything that lies sealed, of every kind alike. */
export class KvSealedRecords implements SealedRecords {
  readonly #kv: GuardedKv;
  readonly #audit: AuditLog;

  constructor(options: { kv: GuardedKv; audit: AuditLog }) {
    this.#kv = options.kv;
    this.#audit = options.audit;
  }

  async list(): Promise<readonly SealedRecord[]> {
    const all = await Promise.all([
      listAll(this.#kv, keys.exchangeKeys()),
      listAll(this.#kv, keys.secondFactors()),
      listAll(this.#kv, keys.alertChannels()),
      listAll(this.#kv, keys.secrets()),
    ]);
    return all.flat().flatMap((entry) => recordOf(entry) ?? []);
  }

  async find(
    { kind, id }: Pick<SealedRecord, "kind" | "id">,
  ): Promise<SealedRecord | null> {
    const entry = await this.#kv.get(keyOf({ kind, id }));
    return entry.versionstamp === null ? null : recordOf(entry);
  }

  async replace(record: SealedRecord, sealed: SealedSecret): Promise<boolean> {
    const key = keyOf(record);
    const entry = await this.#kv.get(key);
    if (entry.versionstamp !== record.version) return false;
    const outcome = await this.#kv.commit({
      checks: [{ key, versionstamp: record.version }],
      sets: [{ key, value: withEnvelope(entry.value, { record, sealed }) }],
    });
    return outcome.ok;
  }

  async remove(
    records: readonly SealedRecord[],
    audit: (count: number) => AuditEntry,
  ): Promise<void> {
    for (let at = 0; at < records.length; at += SEALED_PER_REMOVAL) {
      const part = records.slice(at, at + SEALED_PER_REMOVAL);
      const change: Commit = { deletes: part.map(keyOf) };
      // deno-lint-ignore no-await-in-loop -- entries of the trail follow each other
      await this.#audit.commitWith(
        audit(part.length),
        () => Promise.resolve(change),
      );
    }
  }
}

function keyOf({ kind, id }: Pick<SealedRecord, "kind" | "id">): Deno.KvKey {
  switch (kind) {
    case "exchange-key":
      return keys.exchangeKey(id);
    case "second-factor":
      return keys.secondFactor(id);
    case "alert-channel":
      return keys.alertChannel(id);
    case "secret":
      return keys.secret(id);
  }
}

/** Null for a value that is no secret. */
function recordOf(
  { key, value, versionstamp }: Deno.KvEntryMaybe<unknown>,
): SealedRecord | null {
  const id = String(key[1]);
  const version = versionstamp!;
  switch (key[0]) {
    case "exchange_key": {
      const { view, sealed } = (value as { key: StoredExchangeKey }).key;
      const bound = bindings.exchangeKey(view);
      return { kind: "exchange-key", id, bound, sealed, clear: null, version };
    }
    case "second_factor": {
      const { sealed } = (value as { factor: StoredFactor }).factor;
      const bound = bindings.secondFactor(id);
      return { kind: "second-factor", id, bound, sealed, clear: null, version };
    }
    case "alert_channel": {
      const { view, sealed } =
        (value as { channel: StoredAlertChannel }).channel;
      const bound = bindings.alertChannel(view);
      return { kind: "alert-channel", id, bound, sealed, clear: null, version };
    }
    default: {
      if (PLAIN_VALUES.includes(id)) return null;
      const text = (value as { value: string }).value;
      const sealed = fromSealedText(text);
      return {
        kind: "secret",
        id,
        bound: bindings.secret(id),
        sealed,
        clear: sealed === null ? text : null,
        version,
      };
    }
  }
}

function withEnvelope(
  value: unknown,
  { record, sealed }: { record: SealedRecord; sealed: SealedSecret },
): unknown {
  switch (record.kind) {
    case "exchange-key": {
      const stored = value as { key: StoredExchangeKey };
      return { ...stored, key: { ...stored.key, sealed } };
    }
    case "second-factor": {
      const stored = value as { factor: StoredFactor };
      return { ...stored, factor: { ...stored.factor, sealed } };
    }
    case "alert-channel": {
      const stored = value as { channel: StoredAlertChannel };
      return { ...stored, channel: { ...stored.channel, sealed } };
    }
    case "secret":
      return { ...value as object, value: toSealedText(sealed) };
  }
}
