# The server in an image: built in one stage, run by a user of its own in the
# next, with nothing to write to but /data.
#
#   docker build -t smc-fleet .
#   docker run --read-only -p 127.0.0.1:3001:3001 -v smc-fleet:/data smc-fleet
FROM denoland/deno:2.9.6 AS build
WORKDIR /app
# Packages first: they change less often than the code.
COPY deno.json deno.lock ./
RUN deno install --frozen
COPY . .
RUN deno task build && deno task ml runtime

FROM denoland/deno:2.9.6
ENV HOST=0.0.0.0 PORT=3001 DATA_DIR=/data DENO_DIR=/deno-dir NO_COLOR=1
WORKDIR /app
COPY --from=build --chown=root:root /app /app
COPY --from=build --chown=root:root /deno-dir /deno-dir
RUN mkdir /data && chown deno:deno /data
USER deno
VOLUME /data
EXPOSE 3001
HEALTHCHECK --interval=15s --timeout=5s --start-period=30s --retries=3 \
  CMD ["deno", "run", "--no-prompt", "--cached-only", "--allow-net=127.0.0.1", "--allow-read=.env", "--allow-env=PORT", "tasks/probe.ts"]
# Agents are told to stop before the end; see docs/operations.md.
STOPSIGNAL SIGTERM
CMD ["deno", "task", "--quiet", "start"]
