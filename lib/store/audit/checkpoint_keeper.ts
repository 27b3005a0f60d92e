import {
  AUDIT_STREAMS,
  type AuditCheckpoint,
  type AuditStream,
} from "../../contracts/audit_trail.ts";
import type { TimeSource, TimeSourceTimer } from "../../core/time.ts";
import type { CheckpointSigner } from "./checkpoint.ts";
import {
  CHECKPOINT_ENTRIES,
  CHECKPOINT_LOOK_MS,
  CHECKPOINT_MS,
  MIRROR_BATCH,
} from "./limits.ts";
import type { CheckpointMirror } from "./mirror_file.ts";
import type { AuditReader } from "./reader.ts";

/** What checkpoints are made with. */
export interface KeeperOptions {
  reader: AuditReader;
  time: TimeSource;
  signer: CheckpointSigner;
  mirrors: readonly CheckpointMirror[];
}

/**
 * Signs the newest entry of each stream every CHECKPOINT_ENTRIES entries or
 * CHECKPOINT_MS after a change, and copies checkpoints to mirrors. What fails is
 * tried again at the next look and told as trouble; entries are written anyway.
 */
export class CheckpointKeeper {
  readonly #options: KeeperOptions;
  readonly #last = new Map<AuditStream, AuditCheckpoint | null>();
  /** When an entry was first seen that no checkpoint covers. */
  readonly #since = new Map<AuditStream, number>();
  /** What each mirror has; read from it at first. */
  readonly #mirrored = new Map<CheckpointMirror, Map<AuditStream, number>>();
  #trouble: string | null = null;
  #timer: TimeSourceTimer | null = null;
  #running: Promise<void> = Promise.resolve();

  constructor(options: KeeperOptions) {
    this.#options = options;
  }

  /** Why checkpoints are not signed or mirrored now; null if they are. */
  get trouble(): string | null {
    return this.#trouble;
  }

  /** The newest checkpoint that is known of a stream. */
  last(stream: AuditStream): AuditCheckpoint | null {
    return this.#last.get(stream) ?? null;
  }

  start(): void {
    void this.signNow();
    this.#timer = this.#options.time.every(
      CHECKPOINT_LOOK_MS,
      () => void this.look(),
    );
  }

  /** Signs and mirrors what is due; never rejects. */
  look(): Promise<void> {
    return this.#pass(false);
  }

  /** Signs what is not signed yet, whether it is due or not; never rejects. */
  signNow(): Promise<void> {
    return this.#pass(true);
  }

  async close(): Promise<void> {
    this.#timer?.cancel();
    await this.signNow();
  }

  #pass(isForced: boolean): Promise<void> {
    this.#running = this.#running.then(async () => {
      try {
        for (const stream of AUDIT_STREAMS) {
          // deno-lint-ignore no-await-in-loop -- there are two
          await this.#sign(stream, isForced);
        }
        this.#trouble = null;
        for (const mirror of this.#options.mirrors) {
          // deno-lint-ignore no-await-in-loop -- each as far as it comes
          await this.#copy(mirror);
        }
      } catch (error) {
        const detail = error instanceof Error ? error.message : String(error);
        this.#trouble = `Checkpoints of the audit trail wait: ${detail}`;
      }
    });
    return this.#running;
  }

  async #sign(stream: AuditStream, isForced: boolean): Promise<void> {
    const { reader, signer, time } = this.#options;
    const known = this.#last.get(stream);
    const last = known ?? await reader.lastCheckpoint(stream);
    this.#last.set(stream, last);
    const head = await reader.head(stream);
    if (head === null || head.hash === null) return;
    const open = head.n - (last?.n ?? 0);
    if (open <= 0) {
      this.#since.delete(stream);
      return;
    }
    const now = time.nowMs();
    const since = this.#since.get(stream) ?? now;
    this.#since.set(stream, since);
    const isDue = isForced || open >= CHECKPOINT_ENTRIES ||
      now - since >= CHECKPOINT_MS;
    if (!isDue) return;
    const { n, hash } = head;
    const serial = (last?.serial ?? 0) + 1;
    const checkpoint = signer.sign({ stream, serial, n, hash, at: now });
    if (await reader.addCheckpoint(checkpoint)) {
      this.#last.set(stream, checkpoint);
    } else {
      // Another process was first: its checkpoint is read at the next look.
      this.#last.delete(stream);
    }
    this.#since.delete(stream);
  }

  async #copy(mirror: CheckpointMirror): Promise<void> {
    const has = this.#mirrored.get(mirror) ?? await mirror.last();
    this.#mirrored.set(mirror, has);
    for (const stream of AUDIT_STREAMS) {
      const last = this.#last.get(stream)?.serial ?? 0;
      const mirrored = has.get(stream)!;
      if (mirrored > last) {
        throw new Error(
          `"${mirror.name}" has checkpoint ${mirrored} of the stream ${stream}, the store only ${last}; ` +
            "if an older backup was restored, move that file aside and keep it",
        );
      }
      if (mirrored === last) continue;
      const options = { from: mirrored + 1, limit: MIRROR_BATCH };
      // deno-lint-ignore no-await-in-loop -- there are two
      const missing = await this.#options.reader.checkpoints(stream, options);
      if (missing.length === 0) continue;
      // What was written before a failure is looked up in the file again.
      this.#mirrored.delete(mirror);
      // deno-lint-ignore no-await-in-loop -- there are two
      await mirror.append(missing);
      has.set(stream, missing.at(-1)!.serial);
      this.#mirrored.set(mirror, has);
    }
  }
}
