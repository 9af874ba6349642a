# Two stages: what builds stays behind. The result runs as a plain user on a read-only root; /data is the only place it writes.
FROM node:24.21.0-bookworm-slim AS build
WORKDIR /build
COPY package.json package-lock.json ./
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY tsconfig.json tsconfig.build.json ./
COPY scripts/build.ts scripts/
COPY graphs graphs
COPY src src
# The image's own Node runs it: the packaged one is for machines with an older Node.
RUN npm run build && npm prune --omit=dev --ignore-scripts && rm -rf node_modules/node-linux-* node_modules/.bin

FROM node:24.21.0-bookworm-slim
WORKDIR /app
ENV NODE_ENV=production
COPY --from=build /build/node_modules node_modules
COPY --from=build /build/dist dist
COPY package.json LICENSE NOTICE ./
COPY bin bin
COPY config config
COPY prompts prompts
RUN mkdir /data && chown node:node /data && chmod 0700 /data
USER node
VOLUME /data
EXPOSE 8080
ENTRYPOINT ["node", "--no-memory-protection-keys", "bin/sluice.js"]
CMD ["serve"]
