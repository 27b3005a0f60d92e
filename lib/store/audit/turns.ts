/**
 * Whose turn it is to write in a stream of the audit trail. One commit follows
 * the other, for each goes behind the head that the last one left. Changes that
 * wait and say that they may share a commit go together, so that the trail keeps
 * pace with a disk that is slow to sync.
 *
 * @module
 */
import type { AuditStream } from "../../contracts/audit_trail.ts";
import type { Commit, CommitOutcome, GuardedKv } from "../kv/guarded_kv.ts";
import { keys } from "../keys.ts";
import { MAX_RECORDS_PER_SAVE } from "../limits.ts";
import type { AuditEntry } from "../port.ts";
import { NothingStored } from "../storing_new.ts";
import type { ChainHead } from "./chain.ts";
import { linkAfter } from "./link.ts";

/** Checks that the changes of one commit may have together, beside those of the head and the op id. */
const MAX_SHARED_CHECKS = MAX_RECORDS_PER_SAVE;
// Only another process can be in the way: this one takes turns.
const MAX_CONFLICTS = 20;

/** Reads what a change needs and plans it, or refuses by null. */
export type Plan = () => Promise<Commit | null>;

/** A change that waits for its turn. */
export interface Waiting {
  entry: AuditEntry;
  plan: Plan;
  /** Everything that `plan` reads is checked in what it returns, so others may be in the same commit. */
  mayShare: boolean;
  state: "waiting" | "begun" | "given up";
  /** Told false where the plan refused. */
  resolve: (isStored: boolean) => void;
  reject: (error: unknown) => void;
}

interface Planned {
  change: Waiting;
  commit: Commit;
}

/** A head and the version of it that a commit checks. */
type KnownHead = Pick<Deno.KvEntryMaybe<ChainHead>, "value" | "versionstamp">;

/** The changes that wait to be written in one stream. */
export class StreamTurns {
  readonly #kv: GuardedKv;
  readonly #stream: AuditStream;
  #waiting: Waiting[] = [];
  #isRunning = false;
  /** The head as the last commit left it. Whoever else writes makes a check fail, and it is read again. */
  #head: KnownHead | null = null;

  constructor(kv: GuardedKv, stream: AuditStream) {
    this.#kv = kv;
    this.#stream = stream;
  }

  /** Takes a change; its turn comes after those before it. */
  add(change: Waiting): void {
    this.#waiting.push(change);
    if (!this.#isRunning) void this.#run();
  }

  async #run(): Promise<void> {
    this.#isRunning = true;
    for (;;) {
      const group = this.#nextGroup();
      if (group.length === 0) break;
      // deno-lint-ignore no-await-in-loop -- turns follow each other
      await this.#commitTogether(group);
    }
    this.#isRunning = false;
  }

  /** Those whose turn it is: the first, and what directly follows if it may share. */
  #nextGroup(): Waiting[] {
    this.#waiting = this.#waiting.filter(({ state }) => state !== "given up");
    const sharers = this.#waiting.slice(0, MAX_SHARED_CHECKS)
      .findIndex(({ mayShare }) => !mayShare);
    const count = sharers === -1 ? MAX_SHARED_CHECKS : Math.max(sharers, 1);
    return this.#waiting.splice(0, count);
  }

  async #commitTogether(group: readonly Waiting[]): Promise<void> {
    for (const change of group) change.state = "begun";
    const planned = (await Promise.all(group.map(planOf)))
      .filter((plan) => plan !== null);
    const { first, later } = split(planned);
    this.#putBack(later.map(({ change }) => change));
    if (first.length === 0) return;
    try {
      const outcome = await this.#commit(first);
      if (outcome.ok) {
        for (const { change } of first) change.resolve(true);
        return;
      }
      await this.#commitEach(first);
    } catch (error) {
      for (const { change } of first) change.reject(error);
    }
  }

  /** One after the other: of a commit that was refused nobody knows whose check it was. */
  async #commitEach(refused: readonly Planned[]): Promise<void> {
    for (const { change } of refused) {
      // deno-lint-ignore no-await-in-loop -- turns follow each other
      await this.#commitAlone(change).then(change.resolve, change.reject);
    }
  }

  async #commitAlone(change: Waiting): Promise<boolean> {
    for (let attempt = 1; attempt < MAX_CONFLICTS; attempt++) {
      // deno-lint-ignore no-await-in-loop -- attempts follow each other
      const commit = await change.plan();
      if (commit === null) return false;
      // deno-lint-ignore no-await-in-loop -- attempts follow each other
      if ((await this.#commit([{ change, commit }])).ok) return true;
    }
    const { action, target } = change.entry;
    throw new NothingStored(
      "STORE_UNAVAILABLE",
      `The audit entry of ${action} on ${target} met ${MAX_CONFLICTS} conflicting writes and was not stored, nor was the change; try again`,
      { status: 503 },
    );
  }

  async #commit(planned: readonly Planned[]): Promise<CommitOutcome> {
    const headKey = keys.auditHead(this.#stream);
    const head = this.#head ?? await this.#kv.get<ChainHead>(headKey);
    // Until it is known what became of this commit, so is nothing of the head.
    this.#head = null;
    const link = linkAfter(head.value, {
      stream: this.#stream,
      entries: planned.map(({ change }) => change.entry),
    });
    const outcome = await this.#kv.commit({
      checks: [
        { key: headKey, versionstamp: head.versionstamp },
        ...planned.flatMap(({ commit }) => commit.checks ?? []),
      ],
      sets: [
        ...link.sets,
        ...planned.flatMap(({ commit }) => commit.sets ?? []),
      ],
      deletes: planned.flatMap(({ commit }) => commit.deletes ?? []),
      isFenced: planned.some(({ commit }) => commit.isFenced === true),
    });
    if (outcome.ok) {
      this.#head = { value: link.head, versionstamp: outcome.versionstamp };
    }
    return outcome;
  }

  #putBack(changes: readonly Waiting[]): void {
    for (const change of changes) change.state = "waiting";
    this.#waiting.unshift(...changes);
  }
}

/** A plan that fails or refuses ends its change, and no other. */
async function planOf(change: Waiting): Promise<Planned | null> {
  try {
    const commit = await change.plan();
    if (commit !== null) return { change, commit };
    change.resolve(false);
  } catch (error) {
    change.reject(error);
  }
  return null;
}

/**
 * Those that go in one commit, and those whose turn comes later: what an earlier
 * one writes, a later one must have read anew.
 */
function split(
  planned: readonly Planned[],
): { first: Planned[]; later: Planned[] } {
  const first: Planned[] = [];
  const written = new Set<string>();
  let checkCount = 0;
  for (const [place, plan] of planned.entries()) {
    const { checks = [], sets = [], deletes = [] } = plan.commit;
    const writes = [...sets.map(({ key }) => key), ...deletes].map(keyText);
    const touches = [...checks.map(({ key }) => keyText(key)), ...writes];
    checkCount += checks.length;
    const isApart = place > 0 &&
      (checkCount > MAX_SHARED_CHECKS ||
        touches.some((key) => written.has(key)));
    if (isApart) return { first, later: planned.slice(place) };
    first.push(plan);
    for (const key of writes) written.add(key);
  }
  return { first, later: [] };
}

/** Two keys have one text only if they are the same: numbers and texts differ in their quotes. */
function keyText(key: Deno.KvKey): string {
  return JSON.stringify(
    key.map((part) =>
      part instanceof Uint8Array
        ? part.toHex()
        : `${typeof part} ${String(part)}`
    ),
  );
}
