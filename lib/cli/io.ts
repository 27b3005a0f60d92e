/**
 * The world as a command sees it: everything that touches the machine comes
 * in here, so that a test can run a command whole.
 */
export interface CliIo {
  /** Data. */
  stdout(text: string): void;
  /** Data that is no text. */
  stdoutBytes(bytes: Uint8Array): void;
  /** Messages. */
  stderr(text: string): void;
  /** Whether stdout is a terminal: decides on tables and colour. */
  isTerminal: boolean;
  /** Whether stdin is a terminal: decides on questions. */
  isInputTerminal: boolean;
  env(name: string): string | undefined;
  fetch(url: string, init: RequestInit): Promise<Response>;
  /** Asks without echo. */
  readSecret(prompt: string): Promise<string>;
  /** Asks for a line. */
  readLine(prompt: string): Promise<string>;
  /** All of stdin, where it is no terminal. */
  readInput(): Promise<string>;
  /** Null where there is no such file. */
  readFile(path: string): Promise<string | null>;
  /** Names in a folder; none where it is not there. */
  listFolder(path: string): Promise<readonly string[]>;
  /** Writes a file that only its owner may read; makes its folder. */
  writePrivateFile(path: string, text: string): Promise<void>;
  /** Does nothing where there is no such file. */
  removeFile(path: string): Promise<void>;
  /** Permission bits of a file or folder; null where it is not there or the system has none. */
  fileMode(path: string): Promise<number | null>;
  /** Left on the disk of a folder; null where it is not there or nobody may know. */
  freeBytes(path: string): Promise<number | null>;
  /** What is wrong with the server's settings in this shell and in `.env`, one sentence each. */
  settingFaults(): readonly string[];
  /** Starts a worker, hears of it and ends it. @returns Milliseconds that it took. */
  startWorker(): Promise<number>;
  sleep(ms: number): Promise<void>;
  now(): number;
  random(): number;
  uuid(): string;
  /** Aborted by Ctrl+C. */
  interrupt: AbortSignal;
}
