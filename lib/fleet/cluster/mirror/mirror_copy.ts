import {
  MIRROR_CHUNK_BYTES,
  MIRROR_COMMIT_BYTES,
} from "../../../store/limits.ts";
import type {
  JournalMirrorStore,
  MirroredEnded,
  MirroredJournal,
  MirroredSegment,
  MirrorPiece,
  SegmentName,
} from "../../../store/mirror_port.ts";
import { type ChunkSums, extendSums } from "./chunk_sums.ts";
import { MIRROR_COMPARED_BYTES } from "./limits.ts";
import type { JournalFiles, LocalJournal } from "./mirror_port.ts";
import { type MirrorPlan, planAnew, planMirror } from "./mirror_row.ts";

/** What this process knows of a mirror. */
export interface KnownMirror {
  revision: string | null;
  /** Null where nothing is mirrored, or nothing of use. */
  journal: MirroredJournal | null;
  /** Of the newest segment. */
  sums: ChunkSums;
  /** The file that the mirror's newest segment was compared with; null before. */
  newestId: string | null;
  /** Whether the store holds no chunks of other segments. */
  isSwept: boolean;
}

/** What is copied to where. */
export interface MirrorCopyOptions {
  agentId: string;
  store: JournalMirrorStore;
  files: JournalFiles;
  known: KnownMirror;
  /** `ended` is null where no segment has ended since `known`. */
  local: Omit<LocalJournal, "ended"> & { ended: LocalJournal["ended"] | null };
}

/**
 * Brings the mirror of one journal to what the files hold; resolves with what is
 * known then, or with null if the files were others than thought: look again.
 *
 * Where the mirror goes on, every commit leaves a later state of the journal.
 * Where it is copied anew, nothing changes before the last commit.
 */
export async function copyToMirror(
  options: MirrorCopyOptions,
): Promise<KnownMirror | null> {
  const { known, local } = options;
  const plan = local.ended === null
    ? { kept: known.journal?.ended ?? [], fresh: [], isAnew: false }
    : planMirror(known.journal, local.ended);
  if (plan.isAnew) return await new MirrorCopy(options, plan).run(null);
  const resume = await findResume(options, plan);
  if (resume === "anew") {
    if (local.ended === null) return null;
    const whole = planAnew(planMirror(null, local.ended).fresh);
    return await new MirrorCopy(options, whole).run(null);
  }
  return resume && await new MirrorCopy(options, plan).run(resume);
}

/** From where on a segment is copied. */
interface Resume {
  slot: string;
  /** A multiple of the chunk size. */
  offset: number;
  sums: ChunkSums;
}

/** Where the mirror goes on; "anew" where it cannot; null if the file is gone. */
async function findResume(
  options: MirrorCopyOptions,
  plan: MirrorPlan,
): Promise<Resume | "anew" | null> {
  const { known: { journal, sums }, local } = options;
  const { slot, bytes } = journal!.newest;
  const segment = plan.fresh[0] ?? null;
  const agreed = await agreedChunks(options, segment);
  if (agreed === null) return null;
  const isWhole = agreed === sums.length;
  const chunks = isWhole ? Math.floor(bytes / MIRROR_CHUNK_BYTES) : agreed;
  const resume = {
    slot,
    offset: chunks * MIRROR_CHUNK_BYTES,
    sums: sums.slice(0, chunks),
  };
  if (isWhole) return resume;
  // Another file has this name now, or a crash has cut the end off this one.
  if (local.ended === null || agreed === 0) return "anew";
  // More than one commit: between them the mirror would be an older one.
  const beyond = await options.files.read(options.agentId, {
    segment,
    newestId: local.newestId,
    offset: resume.offset + MIRROR_COMMIT_BYTES,
    length: 1,
  });
  if (beyond === null) return null;
  return beyond.length > 0 ? "anew" : resume;
}

/**
 * How many chunks of the mirror's newest segment the file agrees with. A desk that
 * is opened again cuts off what its crash left unfinished, so the end is always
 * compared; the rest once in each process.
 */
async function agreedChunks(
  { agentId, files, known, local: { newestId } }: MirrorCopyOptions,
  segment: SegmentName | null,
): Promise<number | null> {
  const { bytes } = known.journal!.newest;
  const { sums } = known;
  const compared = MIRROR_COMPARED_BYTES / MIRROR_CHUNK_BYTES;
  let agreed = known.newestId === null
    ? 0
    : Math.max(0, sums.length - compared);
  while (agreed < sums.length) {
    const offset = agreed * MIRROR_CHUNK_BYTES;
    const length = Math.min(bytes - offset, MIRROR_COMPARED_BYTES);
    const range = { segment, newestId, offset, length };
    // deno-lint-ignore no-await-in-loop -- a long segment is many bytes
    const found = await files.read(agentId, range);
    if (found === null) return null;
    const next = extendSums(sums.slice(0, agreed), found);
    const end = agreed + Math.ceil(length / MIRROR_CHUNK_BYTES);
    while (agreed < end && next[agreed] === sums[agreed]) agreed++;
    if (agreed < end) break;
  }
  return agreed;
}

/** One run over the segments that are to be mirrored. */
class MirrorCopy {
  readonly #options: MirrorCopyOptions;
  readonly #plan: MirrorPlan;
  readonly #ended: MirroredEnded[];
  #isRowNew: boolean;
  #newest: MirroredSegment | null = null;
  #sums: ChunkSums = [];
  #revision: string | null;
  /** What the next commit writes. */
  #pieces: MirrorPiece[] = [];
  /** Bytes of whole chunks that it has room for. */
  #room = MIRROR_COMMIT_BYTES;

  constructor(options: MirrorCopyOptions, plan: MirrorPlan) {
    const { known } = options;
    this.#options = options;
    this.#plan = plan;
    this.#ended = [...plan.kept];
    this.#isRowNew = plan.isAnew ||
      plan.kept.length !== known.journal?.ended.length;
    this.#revision = known.revision;
  }

  async run(resume: Resume | null): Promise<KnownMirror | null> {
    let start = resume;
    for (const segment of this.#plan.fresh) {
      // deno-lint-ignore no-await-in-loop -- segments follow each other
      if (!await this.#copy(segment, start)) return null;
      const mirrored = this.#newest!;
      if (mirrored.bytes !== segment.bytes) return null;
      const { number, lastSeq } = segment;
      this.#ended.push({ ...mirrored, number, lastSeq });
      this.#isRowNew = true;
      start = null;
    }
    if (!await this.#copy(null, start)) return null;
    await this.#finish();
    return this.#known();
  }

  /** False if the file is gone. */
  async #copy(
    segment: SegmentName | null,
    start: Resume | null,
  ): Promise<boolean> {
    const { agentId, files, store, local: { newestId } } = this.#options;
    const slot = start?.slot ?? store.createSlot();
    let offset = start?.offset ?? 0;
    let sums = start?.sums ?? [];
    for (;;) {
      const length = this.#room;
      const range = { segment, newestId, offset, length };
      // deno-lint-ignore no-await-in-loop -- a piece follows the one before it
      const bytes = await files.read(agentId, range);
      if (bytes === null) return false;
      sums = extendSums(sums, bytes);
      this.#add({ slot, offset, bytes });
      offset += bytes.length;
      this.#sums = sums;
      this.#newest = { slot, bytes: offset, crc: sums.at(-1) ?? 0 };
      const isAll = bytes.length < length;
      // deno-lint-ignore no-await-in-loop -- as above
      if (this.#room === 0) await this.#commitPart();
      if (isAll) return true;
    }
  }

  #add(piece: MirrorPiece): void {
    if (piece.bytes.length === 0) return;
    this.#pieces.push(piece);
    const chunks = Math.ceil(piece.bytes.length / MIRROR_CHUNK_BYTES);
    this.#room -= chunks * MIRROR_CHUNK_BYTES;
  }

  async #commitPart(): Promise<void> {
    if (this.#plan.isAnew) {
      const { agentId, store } = this.#options;
      const revision = this.#revision;
      await store.stage(agentId, { revision, pieces: this.#pieces });
    } else await this.#save();
    this.#pieces = [];
    this.#room = MIRROR_COMMIT_BYTES;
  }

  async #finish(): Promise<void> {
    const before = this.#options.known.journal?.newest;
    const { slot, bytes, crc } = this.#newest!;
    const isSame = !this.#isRowNew && slot === before?.slot &&
      bytes === before.bytes && crc === before.crc;
    if (!isSame) await this.#save();
  }

  async #save(): Promise<void> {
    const { agentId, store } = this.#options;
    this.#revision = await store.save(agentId, {
      revision: this.#revision,
      pieces: this.#pieces,
      newest: this.#newest!,
      ended: this.#isRowNew ? this.#ended : null,
    });
    this.#isRowNew = false;
  }

  #known(): KnownMirror {
    const { known, local } = this.#options;
    const { kept } = this.#plan;
    const isDropped = this.#plan.isAnew ||
      kept.length < known.journal!.ended.length;
    return {
      revision: this.#revision,
      journal: { ended: this.#ended, newest: this.#newest! },
      sums: this.#sums,
      newestId: local.newestId,
      isSwept: known.isSwept && !isDropped,
    };
  }
}
