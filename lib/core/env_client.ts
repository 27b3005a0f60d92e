/**
 * Variables of programs that talk to a server, such as the command line.
 *
 * @module
 */
import { whole } from "./env_read.ts";

/** Variables that the server and the command line both read. */
export const SHARED_VARIABLES = {
  API_TIMEOUT: {
    preset: "30000",
    help:
      "Milliseconds that pages and the command line wait for an answer of the API",
    example: "30000",
    read: whole(1_000, 300_000),
  },
} as const;

/** Each with its default and what it means. */
export const CLIENT_VARIABLES = {
  API_BASE_URL: {
    preset: "http://localhost:3001/api",
    help: "The server that the command line talks to, with or without /api",
  },
  AGENT_TOKEN: {
    preset: "",
    help: "API token of the command line, in place of its login",
  },
} as const;
