import type { RiskResponse } from "../contracts/guard.ts";
import type {
  AgentDetail,
  AgentView,
  PerformanceResponse,
  ValidationResponse,
} from "../contracts/agent.ts";
import type {
  BacktestDetail,
  BacktestRequestInput,
  BacktestView,
} from "../contracts/backtest.ts";
import type { AgentTemplate } from "../contracts/template.ts";
import type {
  DrillResponse,
  EmergencyResponse,
  ReleaseRequest,
  StopResponse,
} from "../contracts/emergency.ts";
import type { LogEntry } from "../contracts/log.ts";
import type { RecordingInfo } from "../contracts/recording.ts";
import type { ResourcesResponse } from "../contracts/resources.ts";
import {
  createSender,
  type Line,
  type Read,
  type Send,
  type SendCommand,
  unreachable,
} from "./api_sender.ts";
import type { Bearer } from "./bearer.ts";
import { type ControlCalls, controlCalls } from "./control_calls.ts";
import { type ConfigCalls, configCalls } from "./config_calls.ts";
import { type HostCalls, hostCalls } from "./host_calls.ts";
import type { CliIo } from "./io.ts";
import { type LoginCalls, loginCalls } from "./login_calls.ts";
import { type PeopleCalls, peopleCalls } from "./people_calls.ts";
import { type SecurityCalls, securityCalls } from "./security_calls.ts";
import { type TeamCalls, teamCalls } from "./team_calls.ts";

/** Every list of the API: items, and where the next page starts. */
interface ListResponse<T> {
  items: readonly T[];
  nextCursor: string | null;
}

/** A page of log lines, and where the stream stood before it was read. */
export interface LogPage extends ListResponse<LogEntry> {
  streamSeq: number;
}

/** The HTTP API, typed. Every refusal is thrown as {@link CliError}. */
export interface ApiClient
  extends
    ConfigCalls,
    ControlCalls,
    HostCalls,
    LoginCalls,
    SecurityCalls,
    TeamCalls,
    PeopleCalls {
  readonly server: string;
  templates(): Promise<readonly AgentTemplate[]>;
  /** The text of a template's file. */
  exportTemplate(name: string): Promise<string>;
  /** The configuration of an agent as the file of a template. */
  exportAgentTemplate(id: string, name: string): Promise<string>;
  importTemplate(file: unknown): Promise<AgentTemplate>;
  removeTemplate(name: string): Promise<void>;
  listAgents(query: Record<string, string>): Promise<readonly AgentView[]>;
  agent(id: string): Promise<AgentDetail>;
  validate(config: unknown): Promise<ValidationResponse>;
  spawn(request: unknown): Promise<AgentView>;
  remove(id: string): Promise<void>;
  performance(id: string): Promise<PerformanceResponse>;
  resources(id: string): Promise<ResourcesResponse>;
  risk(id: string): Promise<RiskResponse>;
  recordings(id: string): Promise<readonly RecordingInfo[]>;
  /** The content of a recording; a break of the line is thrown while it is read. */
  recording(id: string, name: string): Promise<ReadableStream<Uint8Array>>;
  logs(id: string | null, query: Record<string, string>): Promise<LogPage>;
  /** All runs, newest first. */
  listBacktests(): Promise<readonly BacktestView[]>;
  /** One run without its report, and where the stream stood before it was read. */
  backtest(id: string): Promise<{ view: BacktestView; streamSeq: number }>;
  backtestDetail(id: string): Promise<BacktestDetail>;
  runBacktest(request: BacktestRequestInput): Promise<BacktestView>;
  cancelBacktest(id: string): Promise<BacktestView>;
  removeBacktest(id: string): Promise<void>;
  emergency(): Promise<EmergencyResponse>;
  halt(request: unknown): Promise<StopResponse>;
  drill(request: unknown): Promise<DrillResponse>;
  releaseStop(id: string, request: ReleaseRequest): Promise<EmergencyResponse>;
  /** Opens the event stream; a refusal is thrown, a break of the line is not noticed here. */
  openStream(
    options: { topics: string; after: number },
  ): Promise<ReadableStream<Uint8Array>>;
}

/** Makes a client of one server, with a login or without. */
export function createApiClient(
  options: { server: string; bearer: Bearer; io: CliIo },
): ApiClient {
  const { server, io } = options;
  const send = createSender(options);
  const read: Read = async (method, path, more) =>
    (await send(method, path, more)).json();
  const command: SendCommand = (path, body) =>
    read("POST", path, {
      body,
      headers: { "idempotency-key": io.uuid() },
    });
  return {
    server,
    ...templateCalls({ read, send, command }),
    listAgents: (query) =>
      readAll((page) =>
        read("GET", `/agents${toQuery({ ...query, ...page })}`)
      ),
    agent: (id) => read("GET", `/agents/${id}`),
    validate: (config) => read("POST", "/agents/validate", { body: config }),
    spawn: (request) => command("/agents/spawn", request),
    ...controlCalls({ send, command, uuid: () => io.uuid() }),
    remove: async (id) => void await send("DELETE", `/agents/${id}`),
    risk: (id) => read("GET", `/agents/${id}/risk`),
    performance: (id) => read("GET", `/agents/${id}/performance`),
    resources: (id) => read("GET", `/agents/${id}/resources`),
    ...recordingCalls(send, server),
    logs: async (id, query) => {
      const path = id === null ? "/agents/logs" : `/agents/${id}/logs`;
      const response = await send("GET", `${path}${toQuery(query)}`);
      const page: ListResponse<LogEntry> = await response.json();
      const streamSeq = Number(response.headers.get("x-stream-seq") ?? 0);
      return { ...page, streamSeq };
    },
    ...emergencyCalls({ read, command }),
    ...backtestCalls({ read, send, command }),
    ...configCalls({
      read,
      readAll: (path) =>
        readAll((page) => read("GET", `${path}${toQuery(page)}`)),
    }),
    ...securityCalls({ read, send }),
    ...hostCalls({ read, send }),
    ...loginCalls({ read, send }),
    ...peopleCalls({ read, send, readAll }),
    ...teamCalls({ read, send, command }),
    openStream: async ({ topics, after }) => {
      const response = await send("GET", `/stream${toQuery({ topics })}`, {
        headers: {
          "accept": "text/event-stream",
          "last-event-id": String(after),
        },
      });
      if (response.body === null) throw unreachable(server, "no stream");
      return response.body;
    },
  };
}

function templateCalls({ read, send, command }: Line): Pick<
  ApiClient,
  | "templates"
  | "exportTemplate"
  | "exportAgentTemplate"
  | "importTemplate"
  | "removeTemplate"
> {
  return {
    templates: async () =>
      (await read<ListResponse<AgentTemplate>>("GET", "/templates")).items,
    exportTemplate: async (name) =>
      (await send("GET", `${templatePath(name)}/file`)).text(),
    exportAgentTemplate: async (id, name) =>
      (await send("GET", `/agents/${id}/template${toQuery({ name })}`)).text(),
    importTemplate: (file) => command("/templates", file),
    removeTemplate: async (name) =>
      void await send("DELETE", templatePath(name)),
  };
}

function recordingCalls(
  send: Send,
  server: string,
): Pick<ApiClient, "recordings" | "recording"> {
  const pathOf = (id: string) => `/agents/${id}/recordings`;
  return {
    recordings: async (id) => {
      const response = await send("GET", pathOf(id));
      return (await response.json() as ListResponse<RecordingInfo>).items;
    },
    recording: async (id, name) => {
      const path = `${pathOf(id)}/${encodeURIComponent(name)}`;
      const { body } = await send("GET", path);
      if (body === null) throw unreachable(server, "no content");
      return body;
    },
  };
}

/** Every item of a list, page by page. */
async function readAll<T>(
  readPage: (
    page: { limit: string; cursor: string },
  ) => Promise<ListResponse<T>>,
): Promise<readonly T[]> {
  const all: T[] = [];
  let cursor: string | null = "";
  while (cursor !== null) {
    // deno-lint-ignore no-await-in-loop -- a page is found by the one before
    const page: ListResponse<T> = await readPage({ limit: "200", cursor });
    all.push(...page.items);
    cursor = page.nextCursor;
  }
  return all;
}

function emergencyCalls(
  { read, command }: Pick<Line, "read" | "command">,
): Pick<ApiClient, "emergency" | "halt" | "drill" | "releaseStop"> {
  return {
    emergency: () => read("GET", "/emergency"),
    halt: (request) => command("/emergency", request),
    drill: (request) => read("POST", "/emergency/drill", { body: request }),
    releaseStop: (id, request) =>
      read("POST", `/emergency/${encodeURIComponent(id)}/release`, {
        body: request,
      }),
  };
}

function backtestCalls(
  { read, send, command }: Line,
): Pick<
  ApiClient,
  | "listBacktests"
  | "backtest"
  | "backtestDetail"
  | "runBacktest"
  | "cancelBacktest"
  | "removeBacktest"
> {
  return {
    listBacktests: () =>
      readAll<BacktestView>((page) =>
        read("GET", `/backtests${toQuery({ ...page })}`)
      ),
    backtest: async (id) => {
      const response = await send("GET", `/backtests/${id}`);
      const { report: _, ...view }: BacktestDetail = await response.json();
      return {
        view,
        streamSeq: Number(response.headers.get("x-stream-seq") ?? 0),
      };
    },
    backtestDetail: (id) => read("GET", `/backtests/${id}`),
    runBacktest: (request) => command("/backtests", request),
    cancelBacktest: (id) => read("POST", `/backtests/${id}/cancel`),
    removeBacktest: async (id) => void await send("DELETE", `/backtests/${id}`),
  };
}

function templatePath(name: string): string {
  return `/templates/${encodeURIComponent(name)}`;
}

function toQuery(values: Record<string, string>): string {
  const given = Object.entries(values).filter(([, value]) => value !== "");
  return given.length === 0 ? "" : `?${new URLSearchParams(given)}`;
}
