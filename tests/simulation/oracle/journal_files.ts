/**
 * The oracle's own joining of journals: a journal is a row of segments, and the
 * names of the files say which. The newest segment has the journal's name, or
 * ends in `.closed` or `.closed.<n>` when its account is closed; an ended one
 * has `.<number>-<candle>` behind that.
 *
 * @module
 */
import {
  agentOfPath,
  type OracleEntry,
  readRecords,
  stateOf,
} from "./journal_text.ts";

/** Files with their texts. */
export interface JournalFiles {
  readonly paths: readonly string[];
  text(path: string): string;
}

interface Segment {
  path: string;
  number: number;
  text: string;
}

/** The files of one agent. */
interface AgentFiles {
  /** Names without the part that an ended segment has. */
  journals: string[];
  ended: { path: string; journal: string; number: number }[];
}

const ENDED = /^(.*)\.(\d+)-\d+$/;

/**
 * Reads the journal of each agent, all segments in a row. What is wrong with the
 * row is reported.
 */
export function readJournals(
  files: JournalFiles,
  report: (what: string) => void = () => {},
): Map<string, readonly OracleEntry[]> {
  const agents = new Map<string, AgentFiles>();
  for (const path of files.paths) {
    const id = agentOfPath(path);
    const own = agents.get(id) ?? { journals: [], ended: [] };
    agents.set(id, own);
    const match = ENDED.exec(path);
    if (match === null) own.journals.push(path);
    else {
      own.ended.push({ path, journal: match[1]!, number: Number(match[2]) });
    }
  }
  return new Map(
    [...agents].map(([id, own]) => [
      id,
      readRow(rowOf(own, files), (what) => report(`${what} of ${id}`)),
    ]),
  );
}

/** Segments of the agent's last journal, oldest first. */
function rowOf(
  { journals, ended }: AgentFiles,
  files: JournalFiles,
): Segment[] {
  const newest = journals.at(-1);
  const text = newest === undefined ? "" : files.text(newest);
  const number = segmentOf(text);
  const row = ended
    // A crash while the journal was being closed leaves its segments under two names.
    .filter(({ journal }) => journal === newest || !journals.includes(journal))
    // Another one leaves the name of a segment that has not ended.
    .filter((segment) => newest === undefined || segment.number < number)
    .map(({ path, number }) => ({ path, number, text: files.text(path) }))
    .sort((a, b) => a.number - b.number);
  return newest === undefined ? row : [...row, { path: newest, number, text }];
}

function readRow(
  row: readonly Segment[],
  report: (what: string) => void,
): readonly OracleEntry[] {
  return row.flatMap(({ path, number, text }, index) => {
    if (number !== index + 1) {
      report(`Segment ${index + 1} is ${number}, by the name ${path},`);
    }
    const isNewest = index === row.length - 1;
    if (!isNewest && !text.endsWith("\n")) report(`The end of ${path} is torn`);
    if (segmentOf(text) !== number) {
      report(`${path} says that it is segment ${segmentOf(text)}`);
    }
    return readRecords(text);
  });
}

/** Number of a segment by its own beginning; the first one does not tell it. */
function segmentOf(text: string): number {
  const end = text.indexOf("\n");
  if (end < 0) return 1;
  const [first] = readRecords(text.slice(0, end + 1));
  return stateOf(first!)?.segment ?? 1;
}
