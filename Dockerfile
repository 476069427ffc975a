# syntax=docker/dockerfile:1
# One image for every process: the counter by default, the office, the mock registry and the preparation by command.

FROM node:26-slim AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
# No install script runs, and neither the Node nor the PostgreSQL that npm start brings is needed here.
RUN npm ci --ignore-scripts
COPY nest-cli.json tsconfig.json ./
COPY apps apps
COPY libs libs
RUN npm run build && npm prune --omit=dev --omit=optional --ignore-scripts

FROM node:26-slim
ENV NODE_ENV=production \
    NODE_OPTIONS=--max-semi-space-size=4 \
    HOST=0.0.0.0 \
    DATA_DIR=/data \
    SECRETS_DIR=/secrets \
    VAULT_SECRETS_DIR=/vault-secrets
WORKDIR /app
COPY --from=build /app/package.json ./
COPY --from=build /app/node_modules node_modules
COPY --from=build /app/dist dist
COPY scripts/healthcheck.mjs scripts/prepare-database.mjs scripts/
COPY scripts/launcher/database.mjs scripts/launcher/database-urls.mjs scripts/launcher/problem.mjs scripts/launcher/
# Volumes take their owner from these.
RUN install -d -m 0700 -o node -g node /data /secrets /vault-secrets
USER node
EXPOSE 3000 3001 3100
HEALTHCHECK --interval=10s --timeout=3s --start-period=30s CMD ["node", "scripts/healthcheck.mjs", "3000"]
CMD ["node", "dist/apps/eligibility-api/src/main.js", "counter"]
